#!/bin/sh
# Create the virtual environment $1 with the interpreter $2, or with the first that is new enough.
set -eu
folder=$1
shift
[ $# -gt 0 ] || set -- python3.13 python3.12 python3.11 python3
for candidate in "$@"; do
    if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        "$candidate" -m venv "$folder"
        # The Makefile makes it again when the tree has moved.
        pwd -P >"$folder/.root"
        exit
    fi
done
echo "docsort needs Python 3.11 or newer with venv; tried: $*." >&2
echo "Install one (Debian, Ubuntu: python3-venv) or name it: make PYTHON=/path/to/python3 ..." >&2
exit 1
