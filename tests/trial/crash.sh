#!/usr/bin/env bash
# crash.sh TIMES REPORT: kills a writer of the SQLite store, and fills its disk (by a limit on the size of its files), TIMES times each;
# the checks are those of gis-data/sqlite/tests/crash.rs, which `make test` runs a few times.
set -euo pipefail
TIMES=$1 REPORT=$2
begin=$SECONDS
MENPAI_CRASH_ROUNDS=$TIMES cargo test --release --quiet -p gis-data-sqlite --test crash
cat >"$REPORT" <<EOF
# Kills and full disks

\`make trial\` let a process commit to a SQLite store as fast as it could, each commit with 40 things and a key, and told what was acknowledged. It was ended by SIGKILL at
a random moment, or its files were not allowed to grow any further. Each time the store was opened again: every acknowledged commit is there, nothing else
is, the last key gives the old receipt, and \`verify\` finds nothing wrong. A killed process loses what the kernel has not been given; it is not a power cut. A limit on the
size of files is refused by the kernel like a disk without room, with another error number.

| | |
|---|---|
| commit | \`$(git rev-parse --short HEAD)\` |
| date, machine | $(date +%F), $(nproc) cores, Linux $(uname -r) |
| kills | $TIMES |
| full disks | $TIMES |
| acknowledged commits lost, commits doubled | 0 |
| time | $((SECONDS - begin)) s |
EOF
echo "written to $REPORT"
