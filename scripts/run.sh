#!/usr/bin/env bash
# Runs the shipped connectors on a local broker until Ctrl-C.
set -euo pipefail
cd "$(dirname "$0")/.."
exec ".build/${CONFIG:-release}/busbar" dev "$@"
