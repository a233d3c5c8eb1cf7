#!/usr/bin/env bash
# Every test once, from nothing: set-up, lints, tests of the crates, of the pages, of the whole.
# The end-to-end tests (tests/tests) run the program that this builds, Chromium included.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-$PWD/target}
begin=$SECONDS
stage() {
    local from=$SECONDS
    printf '\n== %s\n' "$1"
    shift
    "$@"
    printf '== %s s (%s s in all)\n' $((SECONDS - from)) $((SECONDS - begin))
}
stage 'set-up' bash docker/setup/setup.sh
stage 'pages' bash docker/setup/pages.sh build
stage 'lints' bash tests/lint.sh
stage 'tests of the pages' npm --prefix server/pages run --silent test
# One build with the same set of packages as the tests, so that nothing is compiled twice.
stage 'build' cargo build --workspace --all-targets --locked
export MENPAI_BIN=$target/debug/menpai
stage 'tests of the crates and of the whole' cargo test --workspace --locked --no-fail-fast
printf '\n== all tests passed in %s s\n' $((SECONDS - begin))
