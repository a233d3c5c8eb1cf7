#!/usr/bin/env bash
# Formatting, lints and types of everything. Warnings are errors.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo fmt --all --check
cargo clippy --workspace --all-targets --locked -- -D warnings
npm --prefix server/pages run --silent lint
