#!/usr/bin/env bash
# Formatting, lints and types of everything. Warnings are errors.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo fmt --all --check
cargo clippy --workspace --all-targets --locked -- -D warnings
npm --prefix server/pages run --silent lint
# The sheets, by the specification's own validator, which comes with the map library.
server/pages/node_modules/.bin/gl-style-validate styles/default/*.json
