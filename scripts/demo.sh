#!/usr/bin/env bash
# Runs the shipped connectors once, end to end, on a generated day of GitHub deliveries. Exits 0 only if all balances.
set -euo pipefail
cd "$(dirname "$0")/.."
exec ".build/${CONFIG:-release}/busbar" dev --once "$@"
