#!/usr/bin/env bash
# Runs every measurement next to its reference; a name as argument runs that one. `--quick` runs each once and briefly: its
# figures mean nothing, but that it ends well does.
set -euo pipefail
cd "$(dirname "$0")/.."
bench=".build/${CONFIG:-release}/busbar-bench"
if [ "${1:-}" = --quick ]; then
    for name in consume produce "copy --per-transaction 500" pipeline; do
        # shellcheck disable=SC2086 # a name with its options
        "$bench" $name --count 2000 --runs 1
    done
    exit
fi
if [ $# -gt 0 ]; then exec "$bench" "$@"; fi
for name in consume produce copy pipeline worker; do "$bench" "$name"; done
scripts/bench-peers.sh >/dev/null
for name in validate compat; do "$bench" "$name"; done
