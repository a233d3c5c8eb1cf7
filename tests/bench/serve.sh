#!/usr/bin/env bash
# serve.sh up | down: menpai as the peers' kit starts and stops a server. BENCH, MENPAI come from run.sh.
set -euo pipefail
pid=$BENCH/serve.pid
case $1 in
    up)
        "$MENPAI" serve --store "$BENCH/store" --listen 127.0.0.1:3110 >"$BENCH/serve.log" 2>&1 </dev/null &
        echo $! >"$pid"
        for _ in $(seq 600); do
            curl -fs -o /dev/null http://127.0.0.1:3110/readyz && exit 0
            kill -0 "$(cat "$pid")" 2>/dev/null || { cat "$BENCH/serve.log" >&2; exit 1; }
            sleep 0.1
        done
        echo 'menpai is not ready after a minute' >&2
        exit 1
        ;;
    down)
        kill "$(cat "$pid")"
        for _ in $(seq 200); do kill -0 "$(cat "$pid")" 2>/dev/null || exit 0; sleep 0.1; done
        kill -9 "$(cat "$pid")"
        ;;
esac
