#!/usr/bin/env bash
# Runs every measurement next to its reference; a name as argument runs that one.
set -euo pipefail
cd "$(dirname "$0")/.."
bench=".build/${CONFIG:-release}/busbar-bench"
if [ $# -gt 0 ]; then exec "$bench" "$@"; fi
for name in consume produce copy pipeline worker; do "$bench" "$name"; done
scripts/bench-peers.sh >/dev/null
for name in validate compat; do "$bench" "$name"; done
