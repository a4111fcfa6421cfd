#!/usr/bin/env bash
# Builds every executable in $CONFIG (release unless said otherwise).
set -euo pipefail
cd "$(dirname "$0")/.."
exec swift build --configuration "${CONFIG:-release}" "$@" >&2
