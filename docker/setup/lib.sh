# Sourced by the set-up scripts: strict mode, the repository's root, stamps that make a second run quick.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$ROOT"
STAMPS=${CARGO_TARGET_DIR:-$ROOT/target}/setup
mkdir -p "$STAMPS"

say() { printf '== %s\n' "$*"; }

# fail ZH EN: says in both languages what went wrong and what to do next.
fail() { printf '错误：%s\nerror: %s\n' "$1" "$2" >&2; exit 1; }

# fresh NAME KEY: whether step NAME was last done with the same KEY.
fresh() { [ -f "$STAMPS/$1" ] && [ "$(cat "$STAMPS/$1")" = "$2" ]; }
done_with() { printf '%s' "$2" >"$STAMPS/$1"; }

# fingerprint PATH...: one hash over names and contents of everything below the paths.
fingerprint() { find "$@" -type f -not -path '*/node_modules/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1; }
