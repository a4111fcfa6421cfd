#!/usr/bin/env bash
# Installs the Kafka clients that Tests/BrokerClients drives a broker with: confluent-kafka (newest librdkafka),
# kafka-python, aiokafka and their codecs into .venv-clients, and from Debian kcat, Python, and openssl for certificates.
# Safe to run again: what is there already in the right version is left alone. Prints the Python to run the suites with as its
# last line.
set -euo pipefail
cd "$(dirname "$0")/.."

wheels=(confluent-kafka==2.16.1 kafka-python==3.0.12 aiokafka==0.14.0
    python-snappy==0.7.3 lz4==4.4.5 zstandard==0.25.0 cramjam==2.14.0 crc32c==2.9.post0)

say() { printf 'clients: %s\n' "$*" >&2; }

scripts/debian.sh kcat openssl
say "kcat is there: $(kcat -V | sed -n 's/^Version \([0-9.]*\).*/\1/p')"
scripts/pypi.sh "$PWD/.venv-clients" "${wheels[@]}"
