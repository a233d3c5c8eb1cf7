#!/usr/bin/env bash
# make bench: menpai beside its peers on the same data in one run, then imports, starts and memory by itself.
# Results: docs/benchmarks.md. About half an hour on two cores, and ten minutes more the first time (martin is compiled).
#   PEERS, MENPAI_DATA   where the peers' kit and the real data lie (default: ../shared beside the checkout)
#   BENCH_PARTS          some of "import start tiles scene" (default all); the rest of the page stays as it is
#   DOORPLATES           sizes of the demo city for `start` (default "100000 1000000"); `scene` looks at the first
set -euo pipefail
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null' EXIT
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
cd "$ROOT"
TARGET=$(realpath -m "${CARGO_TARGET_DIR:-target}")
DATA=${MENPAI_DATA:-$ROOT/../shared/data}
export MENPAI=${MENPAI:-$TARGET/release/menpai}
source tests/bench/kit.sh
export BENCH
PARTS=" ${BENCH_PARTS:-import start tiles scene} "
SIZES=(${DOORPLATES:-100000 1000000})
mkdir -p "$BENCH"
RESULTS=$BENCH/results.jsonl
: >"$RESULTS"
note() { printf '%s\n' "$1" | tee -a "$RESULTS"; }
now() { date +%s.%N; }
elapsed() { echo "$1 $(now)" | awk '{printf "%.2f", $2 - $1}'; }

note "{\"test\":\"conditions\",\"cpu\":\"$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)\",\"cores\":$(nproc),\"memory_gb\":$(awk '/MemTotal/ {printf "%.0f", $2 / 1048576}' /proc/meminfo),\"kernel\":\"$(uname -r)\",\"rust\":\"$(rustc --version | cut -d' ' -f2)\",\"commit\":\"$(git rev-parse --short HEAD)$(git diff --quiet HEAD -- '*.rs' || echo +)\",\"date\":\"$(date +%F)\",\"load\":\"$(cut -d' ' -f1-3 /proc/loadavg)\"}"

# one_import NAME STORE ARGS…: rows and seconds of one import.
one_import() {
    local name=$1 store=$2 from seconds
    shift 2
    from=$(now)
    (cd "$BENCH" && "$MENPAI" import "$@" --store "$store" --json) >"$BENCH/import.json" 2>"$BENCH/import.log" || { cat "$BENCH/import.log" >&2; return 1; }
    seconds=$(elapsed "$from")
    note "{\"test\":\"import\",\"name\":\"$name\",\"seconds\":$seconds,\"told\":$(tail -n 1 "$BENCH/import.json")}"
}

if [[ $PARTS == *" import "* ]]; then
    for set in osm-karlsruhe-kirchfeld/karlsruhe-kirchfeld.osm.pbf osm-liechtenstein/liechtenstein-2015.osm.pbf \
        osm-cn-beijing-tsinghua/beijing-tsinghua.osm osm-qa-montevideo/osm-qa-montevideo.geojsonl.gz \
        osm-poi-portugal/poi_portugal.gpkg taipei-doorplates-datong/datong.csv taipei-buildings/taipei-3847.geojson; do
        rm -rf "$BENCH/one"
        one_import "$set" "$BENCH/one" "$DATA/$set"
    done
    rm -rf "$BENCH/one"
fi

# a_city SIZE: a fresh demo city at $BENCH/city-SIZE.
a_city() {
    local city=$BENCH/city-$1 from
    rm -rf "$city" "$city.new"
    from=$(now)
    "$MENPAI" demo --doorplates "$1" --seed 1 --store "$city.new" --build-only >"$BENCH/demo-$1.log" 2>&1
    mv "$city.new" "$city"
    note "{\"test\":\"demo\",\"doorplates\":$1,\"seconds\":$(elapsed "$from"),\"store_mb\":$(du -sm "$city" | cut -f1),\"things\":$(grep -oE '[0-9]+ things' "$BENCH/demo-$1.log" | tail -1 | cut -d' ' -f1)}"
}

# serve_city SIZE: serves it on port 3111, until it is ready.
serve_city() {
    "$MENPAI" serve --store "$BENCH/city-$1" --listen 127.0.0.1:3111 >"$BENCH/start.log" 2>&1 </dev/null &
    server=$!
    until curl -fs -o /dev/null http://127.0.0.1:3111/readyz; do
        kill -0 $server 2>/dev/null || { cat "$BENCH/start.log" >&2; exit 1; }
        sleep 0.05
    done
}

stop_city() {
    kill $server
    wait $server || true
    server=
}

if [[ $PARTS == *" start "* ]]; then
    for size in "${SIZES[@]}"; do
        a_city "$size"
        from=$(now)
        serve_city "$size"
        seconds=$(elapsed "$from")
        # Its own memory, and what it maps of the database's file, which is the kernel's to keep or drop.
        memory=$(awk '/RssAnon/ {own = $2} /RssFile/ {mapped = $2} END {printf "\"own_mb\":%.0f,\"mapped_mb\":%.0f", own / 1024, mapped / 1024}' /proc/$server/status)
        note "{\"test\":\"start\",\"doorplates\":$size,\"seconds\":$seconds,$memory}"
        python3 tests/bench/tiles.py http://127.0.0.1:3111 "$size" | tee -a "$RESULTS"
        stop_city
    done
fi

if [[ $PARTS == *" scene "* ]]; then
    told=$("$MENPAI" bench scene --json | tail -n 1)
    note "{\"test\":\"scene\",${told#\{}"
    size=${SIZES[0]}
    [ -d "$BENCH/city-$size" ] || a_city "$size"
    serve_city "$size"
    view=$(curl -fs http://127.0.0.1:3111/catalog | python3 -c 'import json, sys; print("{:.5f},{:.5f},16.2,20,55".format(*json.load(sys.stdin)["centre"][:2]))')
    (cd server/pages && MENPAI_BASE=http://127.0.0.1:3111 node e2e/frames.mjs 5000) | tee -a "$RESULTS"
    times=()
    # The server draws in a child just as the command does, but its index is already there.
    for ratio in 1 1.001 1.002 1.003 1.004; do
        from=$(now)
        curl -fs -o "$BENCH/scene.png" "http://127.0.0.1:3111/scene/city.png?view=$view&size=1280x720&ratio=$ratio"
        times+=("$(elapsed "$from")")
    done
    note "{\"test\":\"headless\",\"size\":\"1280x720\",\"seconds\":[$(IFS=,; echo "${times[*]}")]}"
    stop_city
fi

if [[ $PARTS == *" tiles "* ]]; then
    kit
    peers
    if [ ! -d "$BENCH/store" ]; then
        mkdir -p "$BENCH/layers"
        for layer in doorplate_1m building road; do ln -sf "$KIT_COPY/work/data/$layer.geojsonl" "$BENCH/layers/bench_$layer.geojsonl"; done
        # A mapping that says nothing: every layer is called after its file, with its fields as found.
        printf 'only = true\nsheet = []\n' >"$BENCH/plain.toml"
        rm -rf "$BENCH/store.new"
        one_import 'peers, 1 M doorplates with buildings and roads' "$BENCH/store.new" "$BENCH"/layers/*.geojsonl --map "$BENCH/plain.toml" --class public --rejects "$BENCH/rejects.csv"
        mv "$BENCH/store.new" "$BENCH/store"
    fi
    rm -f "$KIT_COPY/work/results/results.jsonl"
    (cd "$KIT_COPY" && python3 drive.py martin-0 martin-512 menpai)
    cat "$KIT_COPY/work/results/results.jsonl" >>"$RESULTS"
fi
python3 tests/bench/report.py "$RESULTS" docs/benchmarks.md
