#!/usr/bin/env bash
# fly.sh MINUTES REPORT: serves a demo city and flies through it in Chromium (server/pages/e2e/fly.mjs), which looks at what is held.
set -euo pipefail
MINUTES=$1 REPORT=$(realpath -m "$2")
WORK=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$WORK"' EXIT
"$MENPAI" demo --doorplates 20000 --seed 1 --store "$WORK/city" --build-only >"$WORK/demo.log" 2>&1 || { cat "$WORK/demo.log" >&2; exit 1; }
"$MENPAI" serve --store "$WORK/city" --listen 127.0.0.1:0 >"$WORK/serve.log" 2>&1 </dev/null &
server=$!
base=
for _ in $(seq 600); do
    base=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$WORK/serve.log" | head -1) && break
    kill -0 $server 2>/dev/null || { cat "$WORK/serve.log" >&2; exit 1; }
    sleep 0.1
done
[ -n "$base" ] || { echo 'menpai is not ready after a minute' >&2; exit 1; }
cd server/pages
MENPAI_BASE=$base node e2e/fly.mjs "$MINUTES" "$REPORT"
