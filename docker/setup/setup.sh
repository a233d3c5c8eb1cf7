#!/usr/bin/env bash
# Everything a build needs, and nothing twice. Safe to run again at any time.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/lib.sh"
bash "$here/packages.sh"
bash "$here/pages.sh" install
bash "$here/glyphs.sh"
