#!/usr/bin/env bash
# Runs the shipped connectors on a generated day of GitHub deliveries, like the demo, and stays up until Ctrl-C.
set -euo pipefail
cd "$(dirname "$0")/.."
exec ".build/${CONFIG:-release}/busbar" dev --traffic "$@"
