#!/bin/sh
# Makes model/ anew: ./make.sh [--peer FOLDER] [--out FOLDER]. Python 3.11, about 3 GB of disk.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=${WORK:-${TMPDIR:-/tmp}/imesde-model}
mkdir -p "$work"
[ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet -r "$here/requirements.txt"
PYTHONDONTWRITEBYTECODE=1 "$work/venv/bin/python" "$here/make.py" --work "$work" "$@"
