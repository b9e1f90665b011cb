#!/bin/sh
# Makes model/ anew: ./make.sh [--peer FOLDER] [--out FOLDER]. Python 3.11, the project's own node_modules,
# about 3 GB of disk. With --words as the first argument only the word table, which needs no torch.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=${WORK:-${TMPDIR:-/tmp}/imesde-model}
mkdir -p "$work"
[ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
script=make.py
if [ "${1:-}" = --words ]; then
  shift
  script=words.py
else
  "$work/venv/bin/pip" install --quiet -r "$here/requirements.txt"
fi
PYTHONDONTWRITEBYTECODE=1 "$work/venv/bin/python" "$here/$script" --work "$work" "$@"
