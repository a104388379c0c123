#!/bin/sh
# Makes .venv and installs a requirements file into it. Usage: bootstrap.sh REQUIREMENTS
set -eu
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
    echo "Tomoni needs Python 3.11 or newer; $python is $("$python" --version 2>&1). Set PYTHON=/path/to/python3.11." >&2
    exit 1
}
if [ ! -x .venv/bin/pip ]; then
    # Debian's Python leaves ensurepip to a package of its own.
    "$python" -c 'import ensurepip' 2>/dev/null || sh scripts/system_packages.sh python3-venv
    echo "Setting up .venv (once) ..."
    "$python" -m venv .venv
fi
# Python compiles what it imports; pip would compile all there is, one file after the other, for half a minute.
.venv/bin/pip install --quiet --no-compile --disable-pip-version-check --requirement "$1"
