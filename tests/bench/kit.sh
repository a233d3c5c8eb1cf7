# Sourced by run.sh: a copy of the peers' kit that this bench may write into, with what this comparison needs.
# PEERS names the kit (default: ../shared/peers beside the checkout); BENCH the folder for everything made here.

PEERS=${PEERS:-$ROOT/../shared/peers}
BENCH=${BENCH:-$TARGET/bench}
KIT_COPY=$BENCH/peers

# change FILE OLD NEW: replaces one passage, and fails when the kit no longer has it.
change() {
    OLD=$2 NEW=$3 python3 - "$1" <<'PY'
import os, sys
path, old, new = sys.argv[1], os.environ["OLD"], os.environ["NEW"]
text = open(path).read()
if new in text:
    sys.exit()
if old not in text:
    sys.exit(f"{path}: the kit has changed, this passage is gone: {old}")
open(path, "w").write(text.replace(old, new, 1))
PY
}

kit() {
    [ -d "$PEERS" ] || { echo "no kit of peers at $PEERS: set PEERS to its folder" >&2; return 1; }
    mkdir -p "$BENCH"
    [ -f "$KIT_COPY/drive.py" ] || cp -r --no-preserve=mode "$PEERS" "$KIT_COPY"
    # Layers are named bench_* here, so that they meet no rule of the city's own layers: every feature from zoom 0 on, as at the peers.
    change "$KIT_COPY/drive.py" 'name = value.decode()' 'name = value.decode().removeprefix("bench_")'
    # MapServer's files are not needed here.
    sed -i '/"ESRI Shapefile"/d;/shptree/d;/-f FlatGeobuf/d' "$KIT_COPY/data.sh"
    change "$KIT_COPY/servers.toml" '[pg-direct]' "[menpai]
up = \"'$ROOT/tests/bench/serve.sh' up\"
down = \"'$ROOT/tests/bench/serve.sh' down\"
base = \"http://127.0.0.1:3110\"
tile = \"/tiles/bench_doorplate_1m,bench_building,bench_road/{z}/{x}/{y}\"
cached = true

[pg-direct]"
}

# peers: installs what the comparison needs and is not there (as root: Debian packages; martin by cargo, ten minutes once).
peers() {
    local missing=()
    for package in postgresql-15-postgis-3 wrk python3 gdal-bin; do dpkg -s $package >/dev/null 2>&1 || missing+=($package); done
    if [ ${#missing[@]} -gt 0 ]; then
        apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
    fi
    mkdir -p "$KIT_COPY/work"
    if [ ! -x "$KIT_COPY/work/cargo/bin/martin" ]; then
        CARGO_TARGET_DIR=$BENCH/martin-target cargo install martin@1.14.0 --locked --no-default-features --features postgres \
            --root "$KIT_COPY/work/cargo"
    fi
    if [ "$KIT_COPY/load.rs" -nt "$KIT_COPY/work/load" ]; then
        rustc -O --edition 2021 -o "$KIT_COPY/work/load" "$KIT_COPY/load.rs"
    fi
    bash "$KIT_COPY/postgres/up.sh"
    if [ ! -f "$KIT_COPY/work/data/.loaded" ]; then
        bash "$KIT_COPY/data.sh" "$DATA"
        touch "$KIT_COPY/work/data/.loaded"
    fi
}
