#!/usr/bin/env bash
# Runs the Kafka wrapper's tests a second time, with the newest librdkafka instead of Debian's: the one inside PyPI's
# confluent-kafka, which has the same ABI. Needs the tests built (scripts/test.sh builds them). Arguments go to the test
# program, for example --filter RebalanceTests.
set -euo pipefail
cd "$(dirname "$0")/.."

python=$(scripts/clients.sh | tail -n 1)
read -r library version < <("$python" - <<'PYTHON'
import confluent_kafka, glob, os
folder = os.path.join(os.path.dirname(os.path.dirname(confluent_kafka.__file__)), "confluent_kafka.libs")
[library] = glob.glob(os.path.join(folder, "librdkafka-*.so*"))
print(library, confluent_kafka.libversion()[0])
PYTHON
)
printf 'test-newest-librdkafka: librdkafka %s\n' "$version" >&2
[ $# -gt 0 ] || set -- --filter '^KafkaTests' --filter '^KafkaBrokerTests'
# KafkaTests checks that this is the version that runs.
exec env LD_PRELOAD="$library" BUSBAR_LIBRDKAFKA_VERSION="$version" \
    .build/debug/busbarPackageTests.xctest --skip-build --no-parallel --testing-library swift-testing "$@"
