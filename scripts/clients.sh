#!/usr/bin/env bash
# Installs the Kafka clients that Tests/BrokerClients drives a broker with: confluent-kafka (newest librdkafka),
# kafka-python, aiokafka and their codecs into .venv-clients, and from Debian kcat, Python, and openssl for certificates.
# Safe to run again: what is there already in the right version is left alone. Prints the Python to run the suites with as its
# last line.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=".venv-clients"
wheels=(confluent-kafka==2.16.1 kafka-python==3.0.12 aiokafka==0.14.0
    python-snappy==0.7.3 lz4==4.4.5 zstandard==0.25.0 cramjam==2.14.0 crc32c==2.9.post0)

say() { printf 'clients: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

have_wheels() {
    [ -x "$folder/bin/python" ] && "$folder/bin/python" - "${wheels[@]}" 2>/dev/null <<'PYTHON'
import importlib.metadata, sys
for wanted in sys.argv[1:]:
    name, version = wanted.split("==")
    if importlib.metadata.version(name) != version:
        sys.exit(1)
PYTHON
}

# Debian has what `python3 -m venv` needs in a package of its own.
scripts/debian.sh kcat openssl python3 python3-venv
say "kcat is there: $(kcat -V | sed -n 's/^Version \([0-9.]*\).*/\1/p')"

if have_wheels; then
    say "the Python clients are there, in $folder"
else
    say "installing ${wheels[*]} into $folder"
    rm -rf "$folder"
    python3 -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check "${wheels[@]}" >&2
    have_wheels || fail "the installation left other versions than were asked for; remove $folder and run again."
fi
say "ready"
printf '%s\n' "$PWD/$folder/bin/python"
