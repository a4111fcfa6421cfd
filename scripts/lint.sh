#!/usr/bin/env bash
# Formatter, declared dependencies, and the shipped connectors.
set -euo pipefail
cd "$(dirname "$0")/.."
swift format lint --strict --recursive Sources Tests Package.swift packages/kafka docs/examples
swift build --explicit-target-dependency-import-check error >&2
.build/debug/busbar lint connectors
