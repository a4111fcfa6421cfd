#!/usr/bin/env bash
# Builds and runs the whole test suite. Arguments go to `swift test`, for example --filter LogTests.
set -euo pipefail
cd "$(dirname "$0")/.."
swift build --build-tests --explicit-target-dependency-import-check error >&2
exec swift test --skip-build --no-parallel "$@"
