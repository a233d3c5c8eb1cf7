#!/usr/bin/env bash
# kill-loop.sh TIMES REPORT: kills `menpai import` at a random moment, again and again, and looks at what is left.
#
# After each kill the same file is asked about with --dry-run: either none of its rows are in the store (all would be added)
# or all of them are (all unchanged); anything between would be a half import. And everything that an import reported as
# done before a kill must still be there: the earlier files are asked about as well.
set -euo pipefail
TIMES=$1 REPORT=$2
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
ROWS=4000
begin=$SECONDS whole=0 nothing=0 finished=0
files=()

# tally FILE: "added changed unchanged rejected" of a dry run, summed over layers.
tally() {
    "$MENPAI" import "$1" --store "$WORK/store" --rejects "$WORK/rejects.csv" --dry-run --json 2>"$WORK/log" | tail -n 1 |
        python3 -c 'import json, sys
t = [0, 0, 0, 0]
for layer in json.load(sys.stdin)["layers"].values():
    t = [a + layer[k] for a, k in zip(t, ("added", "changed", "unchanged", "rejected"))]
print(*t)' || { cat "$WORK/log" >&2; return 1; }
}

for i in $(seq "$TIMES"); do
    file=$WORK/doors-$i.csv
    awk -v i="$i" -v n=$ROWS 'BEGIN {
        print "编号,地址,经度,纬度"
        for (r = 1; r <= n; r++) printf "%d-%d,测试路%d号,%.7f,%.7f\n", i, r, r, 120.5 + i / 1000 + r / 1e6, 27.9 + r / 1e6
    }' >"$file"
    # An import takes some tenths of a second; kill it anywhere from before its first byte to after its last.
    "$MENPAI" import "$file" --store "$WORK/store" --rejects "$WORK/rejects.csv" >/dev/null 2>&1 &
    victim=$!
    sleep "$(awk -v seed="$i$RANDOM" 'BEGIN {srand(seed); printf "%.3f", rand() * '"${KILL_WITHIN_S:-0.8}"'}')"
    kill -9 $victim 2>/dev/null || true
    if wait $victim; then done=1; finished=$((finished + 1)); else done=0; fi

    read -r added changed unchanged rejected < <(tally "$file")
    if [ "$rejected" != 0 ] || [ "$changed" != 0 ]; then echo "kill $i: $rejected rejected, $changed changed" >&2; exit 1; fi
    if [ "$added" = 0 ] && [ "$unchanged" -ge $ROWS ]; then
        whole=$((whole + 1))
        files+=("$file")
    elif [ "$unchanged" = 0 ] && [ "$added" -ge $ROWS ]; then
        nothing=$((nothing + 1))
        [ $done = 0 ] || { echo "kill $i: the import said that it was done, and nothing is there" >&2; exit 1; }
    else
        echo "kill $i: half an import: $added added, $unchanged unchanged" >&2
        exit 1
    fi
    # A file that came in earlier, any of them, is still whole.
    if [ ${#files[@]} -gt 0 ]; then
        earlier=${files[RANDOM % ${#files[@]}]}
        read -r added changed unchanged rejected < <(tally "$earlier")
        [ "$added $changed $rejected" = '0 0 0' ] || { echo "kill $i: $earlier has lost rows: $added" >&2; exit 1; }
    fi
    [ $((i % 20)) != 0 ] || echo "$i kills: $whole whole, $nothing nothing, none half"
done

cat >"$REPORT" <<EOF
# Kill loop

\`make trial\` killed \`menpai import\` (SIGKILL) at a random moment, $TIMES times, each time with a new file of $ROWS doorplates, into one growing store.
A killed process loses what the kernel has not been given; it is not a power cut.

| | |
|---|---|
| commit | \`$(git rev-parse --short HEAD)\` |
| date, machine | $(date +%F), $(nproc) cores, Linux $(uname -r) |
| kills | $TIMES, of which $finished came after the import had ended |
| file wholly in the store afterwards | $whole |
| nothing of the file in the store | $nothing |
| half a file | 0 |
| imports reported as done and lost | 0 |
| earlier files looked at again and found whole | one after each kill |
| time | $((SECONDS - begin)) s |
EOF
echo "written to $REPORT"
