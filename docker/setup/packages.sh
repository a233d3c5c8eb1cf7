#!/usr/bin/env bash
# Installs the Debian packages that are missing, and checks Rust and Node.
# Which package is needed by what is said here and nowhere else.
source "$(dirname "$0")/lib.sh"

# package:command or file that shows that it is there (for systems without dpkg)
NEEDED=(
    build-essential:c++          # SQLite, zstd and PROJ are compiled
    cmake:cmake                  # PROJ's build
    sqlite3:sqlite3              # PROJ's build makes its table of reference systems with it
    pkg-config:pkg-config        # finds GDAL
    git:git                      # the architecture test asks git for the files
    curl:curl                    # the bench and the container's health check
    libgdal-dev:gdal-config      # menpai-gdal, the child program for the long tail of formats
    gdal-bin:ogr2ogr             # the independent reader of the tests
    proj-bin:cs2cs               # the independent reckoning of coordinates in the tests
    fonts-noto-cjk:/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc  # becomes the glyph pack
    chromium:chromium            # tests of the pages
    mesa-vulkan-drivers:/usr/share/vulkan/icd.d  # draws the scene where there is no graphics card
)

rust_needed=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml | head -1)
command -v cargo >/dev/null || fail "没有 Rust：请从 https://rustup.rs 安装 $rust_needed 或更新的版本" \
    "no Rust: install $rust_needed or newer from https://rustup.rs"
rust_have=$(rustc --version | cut -d' ' -f2)
[ "$(printf '%s\n' "$rust_needed" "$rust_have" | sort -V | head -1)" = "$rust_needed" ] ||
    fail "Rust $rust_have 太旧，需要 $rust_needed：请运行 rustup update" "Rust $rust_have is too old, $rust_needed is needed: run rustup update"
command -v node >/dev/null && command -v npm >/dev/null || fail "没有 Node：请安装 20.19 或更新的版本" "no Node: install 20.19 or newer"
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    fail "Node $(node --version) 太旧，需要 20.19" "Node $(node --version) is too old, 20.19 is needed"

there() { case $1 in /*) [ -e "$1" ] ;; *) command -v "$1" >/dev/null ;; esac; }
missing=()
for entry in "${NEEDED[@]}"; do
    if command -v dpkg >/dev/null && command -v apt-get >/dev/null; then
        dpkg -s "${entry%%:*}" >/dev/null 2>&1 || missing+=("${entry%%:*}")
    else
        there "${entry#*:}" || missing+=("${entry%%:*}")
    fi
done
[ ${#missing[@]} -gt 0 ] || exit 0

command -v apt-get >/dev/null || fail "缺少这些软件（Debian 的包名）：${missing[*]}。请用本系统的包管理器安装后再试" \
    "missing (by their Debian names): ${missing[*]}. Install them with this system's package manager and try again"
as_root=()
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "需要以 root 运行：apt-get install ${missing[*]}" "run as root: apt-get install ${missing[*]}"
    as_root=(sudo)
fi
say "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q ||
    fail "apt-get update 失败：请检查网络与软件源" "apt-get update failed: check the network and the package sources"
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" ||
    fail "apt-get install 失败：${missing[*]}" "apt-get install failed: ${missing[*]}"
