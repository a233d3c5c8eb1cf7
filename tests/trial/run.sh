#!/usr/bin/env bash
# make trial: long work that no ordinary test run has time for. Each trial writes its report to docs/trials.
#   KILLS    how often the program is killed (default 200)
#   CRASHES  how often a writer is killed, and its disk is full (default 60)
#   MINUTES  how long the city is flown through (default 30)
set -euo pipefail
cd "$(dirname "$0")/../.."
export MENPAI=${MENPAI:-$(realpath -m "${CARGO_TARGET_DIR:-target}")/release/menpai}
bash tests/trial/kill-loop.sh "${KILLS:-200}" docs/trials/kill-loop.md
bash tests/trial/crash.sh "${CRASHES:-60}" docs/trials/crash.md
bash tests/trial/fly.sh "${MINUTES:-30}" docs/trials/fly.md
