#!/usr/bin/env bash
# Drives the embedded log with real Kafka clients: confluent-kafka, kafka-python, aiokafka, kcat and the bare protocol,
# with and without security; then kills it under load, ten times. Needs busbar-broker built in $CONFIG. Arguments go to
# Tests/BrokerClients/run.py, for example --only rebalances. Prints `ok CLIENT/CASE` or `FAIL CLIENT/CASE: why` for each
# case and ends with a count.
set -euo pipefail
cd "$(dirname "$0")/.."

broker=".build/${CONFIG:-release}/busbar-broker"
[ -x "$broker" ] || { printf 'test-clients: %s is not there; run make build first.\n' "$broker" >&2; exit 1; }
python=$(scripts/clients.sh | tail -n 1)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
free_port() { "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

port=$(free_port)
status=0
"$python" Tests/BrokerClients/run.py --bootstrap "127.0.0.1:$port" \
    --start "$broker --data-dir $folder/suite --listen 127.0.0.1:$port" --log "$folder/suite.log" --secured "$broker" \
    --jobs "${JOBS:-4}" "$@" || status=$?
if [ "$status" -ne 0 ] && [ -s "$folder/suite.log" ]; then
    printf '\nThe last lines of the broker:\n'
    tail -n 20 "$folder/suite.log"
fi

if [ $# -eq 0 ]; then
    port=$(free_port)
    if "$python" Tests/BrokerClients/kill9.py --bootstrap "127.0.0.1:$port" --rounds 10 --log "$folder/kill9.log" \
        -- "$broker" --data-dir "$folder/kill9" --listen "127.0.0.1:$port"; then
        printf 'ok kill9/ten-rounds\n'
    else
        printf 'FAIL kill9/ten-rounds: see above\n'
        status=1
    fi
fi
exit "$status"
