#!/usr/bin/env bash
# Installs what busbar is built with and tested against. Safe to run again: what is there already is left alone.
set -euo pipefail
cd "$(dirname "$0")/.."

# What each is for: the Kafka client, jq expressions, local state, patterns in contracts, and the codecs of record
# batches (the first also for HTTP compression in NIO).
packages=(
    pkg-config librdkafka-dev libjq-dev libsqlite3-dev libpcre2-dev zlib1g-dev liblz4-dev libzstd-dev libsnappy-dev
)

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

command -v swift >/dev/null || fail "swift is not on the PATH; install Swift 6.3 or later from swift.org first."

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing=()
for package in "${packages[@]}"; do
    installed "$package" || missing+=("$package")
done

if [ ${#missing[@]} -gt 0 ]; then
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
            as_root=(sudo -n)
        else
            fail "these Debian packages are missing and only root can install them: ${missing[*]}
setup: run once as root: apt-get install ${missing[*]}"
        fi
    fi
    say "installing Debian packages: ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
fi

say "ready"
