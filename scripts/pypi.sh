#!/usr/bin/env bash
# Installs the PyPI packages named after the first argument, each as NAME==VERSION, into a virtual environment in that folder.
# Safe to run again: a folder that holds exactly these is left alone, any other is made anew. Prints the environment's
# Python as its last line.
set -euo pipefail

folder=$1
shift

say() { printf 'pypi: %s\n' "$*" >&2; }

# Written when all is installed: what was broken off, or was for another list, does not count.
list="$folder/packages"
if [ -x "$folder/bin/python" ] && [ -f "$list" ] && [ "$(cat "$list")" = "$*" ]; then
    say "$* are there, in $folder"
else
    # Debian has what `python3 -m venv` needs in a package of its own.
    "$(dirname "$0")/debian.sh" python3 python3-venv >&2
    say "installing $* into $folder"
    rm -rf "$folder"
    python3 -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check "$@" >&2
    printf '%s' "$*" > "$list"
fi
printf '%s\n' "$folder/bin/python"
