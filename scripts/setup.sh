#!/usr/bin/env bash
# Installs what busbar is built with and tested against. Safe to run again: what is there already is left alone.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*" >&2; }

command -v swift >/dev/null || { say "swift is not on the PATH; install Swift 6.3 or later from swift.org first."; exit 1; }

# What each is for: the Kafka client, jq expressions, local state, patterns and host names in contracts, and the codecs
# of record batches (the first also for HTTP compression in NIO).
packages=(
    pkg-config librdkafka-dev libjq-dev libsqlite3-dev libpcre2-dev libidn2-dev zlib1g-dev liblz4-dev libzstd-dev
    libsnappy-dev
)
scripts/debian.sh "${packages[@]}"

say "ready"
