#!/usr/bin/env bash
# Drives the schema registry with real clients (confluent-kafka, python-schema-registry-client) and with the black-box
# script that lies beside the repository, over a SQLite file and over a topic of the embedded log; then kills it and
# compares what it says with what it said. Last, a worker reads what Confluent's JSONSerializer writes, and writes what its
# JSONDeserializer reads. Needs busbar-registry, busbar-broker and busbar-worker built in $CONFIG. Prints
# `ok registry-STORAGE/CASE` or `FAIL registry-STORAGE/CASE: why` for each case.
set -euo pipefail
cd "$(dirname "$0")/.."

programs=".build/${CONFIG:-release}"
cases="${BUSBAR_SHARED:-../shared}/data/schema/blackbox_registry.py"
packages=(requests==2.34.2 'confluent-kafka[schemaregistry,json]==2.16.0' python-schema-registry-client==2.6.1)

say() { printf 'test-registry-clients: %s\n' "$*" >&2; }
for program in busbar-registry busbar-broker busbar-worker; do
    [ -x "$programs/$program" ] || { say "$programs/$program is not there; run make build first."; exit 1; }
done
[ -f "$cases" ] || { say "$cases is not there: the cases are not part of the repository. Nothing was tested."; exit 0; }
scripts/debian.sh curl >&2
python=$(scripts/pypi.sh "$PWD/.venv-registry-clients" "${packages[@]}")

folder=$(mktemp -d)
started=()
clean() {
    for pid in "${started[@]}"; do kill -9 "$pid" 2> /dev/null || true; done
    wait 2> /dev/null || true
    rm -rf "$folder"
}
trap clean EXIT
free_port() { "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# Starts busbar-registry with the given storage; sets pid.
start() {
    "$programs/busbar-registry" "$@" --listen "127.0.0.1:$port" >> "$folder/registry.log" 2>&1 &
    pid=$!
    started+=("$pid")
    curl --silent --output /dev/null --retry 100 --retry-delay 1 --retry-connrefused "http://127.0.0.1:$port/"
}

# Runs the cases with the given arguments and prints each in the form of the other suites.
run() {
    local storage=$1
    shift
    "$python" "$cases" "http://127.0.0.1:$port" "$@" \
        | sed -n -E "s#^OK (.*)#ok registry-$storage/\1#p; s#^FAIL ([^ ]+) ?(.*)#FAIL registry-$storage/\1: \2#p"
}

status=0
suite() {
    local storage=$1
    shift
    port=$(free_port)
    start "$@"
    run "$storage" --tier all || status=1
    "$python" "$cases" "http://127.0.0.1:$port" --save-state "$folder/$storage.json" > /dev/null || status=1
    kill -9 "$pid"
    wait "$pid" 2> /dev/null || true
    start "$@"
    run "$storage" --verify-state "$folder/$storage.json" || status=1
}

suite sqlite --file "$folder/registry.db"
broker=$(free_port)
"$programs/busbar-broker" --data-dir "$folder/broker" --listen "127.0.0.1:$broker" > "$folder/broker.log" 2>&1 &
started+=("$!")
"$python" - "$broker" <<'PYTHON'
import socket, sys, time
for _ in range(100):
    try:
        socket.create_connection(("127.0.0.1", int(sys.argv[1]))).close()
        sys.exit(0)
    except ConnectionRefusedError:
        time.sleep(0.1)
sys.exit("busbar-broker does not listen")
PYTHON
suite topic --brokers "127.0.0.1:$broker"
mkdir "$folder/wire"
"$python" Tests/RegistryClients/wire_format.py \
    "127.0.0.1:$broker" "http://127.0.0.1:$port" "$PWD/$programs/busbar-worker" "$folder/wire" || status=1
exit "$status"
