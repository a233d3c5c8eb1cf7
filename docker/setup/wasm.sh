#!/usr/bin/env bash
# Builds the scene's module for the browser and its JavaScript into server/pages/src/scene/pkg, where the pages' build finds it.
# Two ways: the target of rustup, or, where rustup cannot download it, Debian's web toolchain, unpacked beside the build and never
# installed. MENPAI_WASM=rustup|debian names one; otherwise the first that works is taken.
source "$(dirname "$0")/lib.sh"
TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
PKG=server/pages/src/scene/pkg
TRIPLE=wasm32-unknown-unknown
# What a browser may have to download for the first picture, in bytes after gzip.
MOST=1500000

has_target() { [ -d "$(rustc --print sysroot)/lib/rustlib/$TRIPLE/lib" ]; }

add_target() {
    has_target && return
    command -v rustup >/dev/null || return 1
    say "adding the target $TRIPLE"
    timeout 300 rustup target add "$TRIPLE" && has_target
}

# Debian's compiler for the web, with the sources of its standard library: about 140 MB.
PREFIX=$TARGET/wasm-debian/prefix
download() {
    local std llvm
    # Their names hold a version, which moves on with the distribution.
    std=$(apt-cache depends libstd-rust-web-dev | grep -om1 'libstd-rust-web-[0-9][0-9.]*') &&
        llvm=$(apt-cache depends "$std" | grep -om1 'libllvm[0-9]*') &&
        apt-get download -q rustc-web libstd-rust-web-dev "$std" rust-web-src "$llvm"
}
fetch_toolchain() {
    [ -x "$PREFIX/usr/bin/rustc" ] && return
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
    say "unpacking Debian's web toolchain into $PREFIX"
    local from=$TARGET/wasm-debian/packages package
    rm -rf "$from" "$PREFIX.new" && mkdir -p "$from"
    if ! (cd "$from" && download); then
        # A fresh machine has no list of packages yet.
        [ "$(id -u)" = 0 ] && apt-get update -q && (cd "$from" && download) || return 1
    fi
    for package in "$from"/*.deb; do dpkg -x "$package" "$PREFIX.new" || return 1; done
    rm -rf "$from" "$PREFIX"
    mv "$PREFIX.new" "$PREFIX"
}

# Debian's linker where it is installed, else the one that comes with rustup's compiler.
linker() {
    command -v wasm-ld-19 && return
    local own
    # Not the wasm-ld beside it, which adds the -flavor that the compiler has already said.
    own=$(rustc --print sysroot)/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin/rust-lld
    [ -x "$own" ] && echo "$own"
}

build=(cargo build --quiet --locked --package renderer-web --lib --profile wasm --target "$TRIPLE")
with_rustup() { "${build[@]}"; }
with_debian() {
    local link
    link=$(linker) || fail "没有 wasm 链接器：请安装 lld-19" "there is no linker for wasm: install lld-19"
    # The language's unfinished switch is needed to build the standard library, which Debian ships as source.
    LD_LIBRARY_PATH=$PREFIX/usr/lib/$(uname -m)-linux-gnu RUSTC=$PREFIX/usr/bin/rustc RUSTC_BOOTSTRAP=1 \
        CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$link CARGO_TARGET_DIR=$TARGET/wasm-debian \
        "${build[@]}" -Z build-std=std,panic_abort
}

way=${MENPAI_WASM:-}
[ -z "$way" ] && add_target && way=rustup
[ -z "$way" ] && way=debian
case $way in
    rustup)
        add_target || fail "rustup 没有装上 $TRIPLE：请检查网络，或设 MENPAI_WASM=debian" "rustup could not add $TRIPLE: check the network, or set MENPAI_WASM=debian"
        made=$TARGET/$TRIPLE/wasm/renderer_web.wasm
        ;;
    debian)
        fetch_toolchain || fail "取不到 Debian 的 rustc-web：请先运行 apt-get update，或用 rustup target add $TRIPLE" \
            "Debian's rustc-web could not be fetched: run apt-get update first, or rustup target add $TRIPLE"
        made=$TARGET/wasm-debian/$TRIPLE/wasm/renderer_web.wasm
        ;;
    *) fail "MENPAI_WASM 只能是 rustup 或 debian" "MENPAI_WASM is rustup or debian" ;;
esac
# Cargo knows best what is stale; it is quick when nothing is.
[ -f "$made" ] || say "building the scene's module (some minutes)"
"with_$way"

key=$(sha256sum <"$made")
if [ -f "$PKG/renderer_web.js" ] && fresh wasm "$key"; then exit 0; fi
say "binding the scene's module"
rm -rf "$PKG"
cargo run --quiet --locked --package renderer-web-bind -- "$made" "$PKG"
size=$(gzip -9 -c "$PKG/renderer_web_bg.wasm" | wc -c)
if [ "$size" -gt "$MOST" ]; then
    rm -rf "$PKG"
    fail "三维模块压缩后有 $size 字节，超过 $MOST：请查新加了什么" "the scene's module has $size bytes after gzip, more than $MOST: look for what was added"
fi
say "the scene's module: $((size / 1000)) kB after gzip"
done_with wasm "$key"
