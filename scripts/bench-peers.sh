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

scripts/debian.sh libsimdjson-dev g++
scripts/pypi.sh "$folder" "${wheels[@]}" >&2
if [ ! "$library" -nt "$source" ]; then
    say "compiling simdjson $(dpkg-query -W -f='${Version}' libsimdjson-dev) into $library"
    g++ -O3 -DNDEBUG -std=c++17 -shared -fPIC -o "$library" "$source" -lsimdjson
fi
say "ready"
printf '%s\n' "$PWD/$folder"
