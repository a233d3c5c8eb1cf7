#!/usr/bin/env bash
# Makes the glyph pack (signed distance fields of every character) from the pinned font, once.
source "$(dirname "$0")/lib.sh"
FONT=${MENPAI_FONT:-/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc}
PACK=styles/glyphs/noto-sans-cjk-sc-regular.pack
# Noto Sans CJK 2.004 (SIL Open Font License 1.1), as Debian 12 ships it in fonts-noto-cjk 20220127.
KNOWN=(b76b0433203017ca80401b2ee0dd69350349871c4b19d504c34dbdd80541690a)

[ -f "$FONT" ] || fail "找不到字体 $FONT：请安装 fonts-noto-cjk，或用 MENPAI_FONT 指明" "no font at $FONT: install fonts-noto-cjk, or name it in MENPAI_FONT"
sum=$(sha256sum "$FONT" | cut -d' ' -f1)
case " ${KNOWN[*]} " in
    *" $sum "*) ;;
    *) [ "${MENPAI_FONT_UNCHECKED:-}" = 1 ] || fail \
        "字体 $FONT 的 SHA-256 为 $sum，不在已知之列。确认来源可靠后，可设 MENPAI_FONT_UNCHECKED=1 再试" \
        "the font $FONT has SHA-256 $sum, which is not a known one. If you trust it, try again with MENPAI_FONT_UNCHECKED=1" ;;
esac
# The pack depends on the font and on the code that makes it.
key="$sum $(fingerprint styles/src/bin styles/src/glyph* 2>/dev/null || true)"
if [ -s "$PACK" ] && fresh glyphs "$key"; then exit 0; fi
say "making the glyph pack (a minute)"
mkdir -p styles/glyphs
cargo run --quiet --release -p styles --bin glyph-pack -- "$FONT" "Noto Sans CJK SC" "$PACK.new"
mv "$PACK.new" "$PACK"
done_with glyphs "$key"
