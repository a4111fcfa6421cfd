#!/usr/bin/env bash
# Installs what `busbar-bench validate` is measured against: orjson, jsonschema-rs and fastjsonschema from PyPI into
# .venv-bench, and simdjson from Debian, compiled into a library there. Safe to run again: what is there already in the right
# version is left alone. Prints the folder as its last line.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=".venv-bench"
wheels=(orjson==3.13.0 jsonschema-rs==0.60.3 fastjsonschema==2.22.3)
library="$folder/libbusbar-simdjson.so"
source="scripts/bench_peers/simdjson_reference.cpp"

say() { printf 'bench peers: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

have_wheels() {
    [ -x "$folder/bin/python" ] && "$folder/bin/python" - "${wheels[@]}" 2>/dev/null <<'PYTHON'
import importlib.metadata, sys
for wanted in sys.argv[1:]:
    name, version = wanted.split("==")
    if importlib.metadata.version(name) != version:
        sys.exit(1)
PYTHON
}

# Debian has what `python3 -m venv` needs in a package of its own.
scripts/debian.sh libsimdjson-dev g++ python3 python3-venv
if have_wheels; then
    say "the Python validators are there, in $folder"
else
    say "installing ${wheels[*]} into $folder"
    rm -rf "$folder"
    python3 -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check "${wheels[@]}" >&2
    have_wheels || fail "the installation left other versions than were asked for; remove $folder and run again."
fi
if [ ! "$library" -nt "$source" ]; then
    say "compiling simdjson $(dpkg-query -W -f='${Version}' libsimdjson-dev) into $library"
    g++ -O3 -DNDEBUG -std=c++17 -shared -fPIC -o "$library" "$source" -lsimdjson
fi
say "ready"
printf '%s\n' "$PWD/$folder"
