"""Confluent's wire format through a worker: what JSONSerializer writes is read, what is written JSONDeserializer reads.

Usage: wire_format.py BROKERS REGISTRY WORKER FOLDER. Prints `ok registry-wire/CASE` or `FAIL registry-wire/CASE: why`.
"""

import json
import pathlib
import subprocess
import sys
import time

from confluent_kafka import Consumer, Producer
from confluent_kafka.schema_registry import Schema, SchemaRegistryClient, header_schema_id_serializer
from confluent_kafka.schema_registry.json_schema import JSONDeserializer, JSONSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

INPUT = {
    "title": "Order", "type": "object", "required": ["n"],
    "properties": {"n": {"type": "integer"}, "of": {"type": "string"}},
}
OUTPUT = {"title": "Line", "type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
CONNECTOR = """
connector: {name}
owner: tests
from: {{ kafka: {{ topics: [wire.prefix, wire.header, wire.plain], format: confluent-json }} }}
steps: [ {{ map: '{{text: (.of + " " + (.n | tostring))}}' }} ]
to: {{ kafka: {{ topic: {name}, format: confluent-json, schema_id: {place}, {more} }} }}
"""
failed = False


def check(case, holds, why=""):
    global failed
    failed = failed or not holds
    print(f"ok registry-wire/{case}" if holds else f"FAIL registry-wire/{case}: {why}", flush=True)


def produce(brokers, client):
    """Three records of each serializer, one that only claims a schema, and one of no serializer."""
    producer = Producer({"bootstrap.servers": brokers})
    kinds = {"wire.prefix": {}, "wire.header": {"schema.id.serializer": header_schema_id_serializer}}
    for topic, conf in kinds.items():
        serializer = JSONSerializer(json.dumps(INPUT), client, conf=conf)
        for n in range(3):
            headers = []
            context = SerializationContext(topic, MessageField.VALUE, headers)
            value = serializer({"n": n, "of": topic}, context)
            producer.produce(topic, value=value, key=f"{topic}-{n}", headers=context.headers or headers)
    producer.produce("wire.plain", value=b'{"n": 1, "of": "nobody"}', key="plain")
    producer.produce("wire.plain", value=b"\0\0\0\x7f\xff" + b'{"n": 1, "of": "nobody"}', key="unknown")
    if producer.flush(30) != 0:
        sys.exit("the records could not be produced")


def consume(brokers, topics, count):
    """`count` committed records of `topics`, or what came within a minute."""
    consumer = Consumer({
        "bootstrap.servers": brokers, "group.id": f"check-{time.time_ns()}", "auto.offset.reset": "earliest",
    })
    consumer.subscribe(topics)
    messages, end = [], time.monotonic() + 60
    while len(messages) < count and time.monotonic() < end:
        message = consumer.poll(0.5)
        if message is not None and message.error() is None:
            messages.append(message)
    consumer.close()
    return messages


def start(worker, brokers, registry, folder):
    settings = folder / "busbar.yaml"
    settings.write_text(
        f"brokers: {brokers}\nregistry: {registry}\nstate: {folder}/state\nschemas: {folder}/schemas\nhttp: 127.0.0.1:0\n"
    )
    contract = folder / "schemas" / "line"
    contract.mkdir(parents=True)
    (contract / "subject.yaml").write_text("owner: tests\n")
    (contract / "v1.json").write_text(json.dumps(OUTPUT))
    files = []
    for name, place, more in [("out-prefix", "prefix", "register: line"), ("out-header", "header", "subject: lines")]:
        file = folder / f"{name}.yaml"
        file.write_text(CONNECTOR.format(name=name, place=place, more=more))
        files.append(str(file))
    log = (folder / "worker.log").open("w")
    return subprocess.Popen([worker, "--config", str(settings), *files], stdout=log, stderr=log, cwd=folder)


def main():
    brokers, registry, worker, folder = sys.argv[1], sys.argv[2], sys.argv[3], pathlib.Path(sys.argv[4])
    client = SchemaRegistryClient({"url": registry})
    produce(brokers, client)
    # The one connector registers its output's schema, the other one finds it there.
    client.register_schema("lines", Schema(json.dumps(OUTPUT), "JSON"))
    process = start(worker, brokers, registry, folder)
    want = sorted(f"{topic} {n}" for topic in ("wire.prefix", "wire.header") for n in range(3))
    try:
        for topic in ("out-prefix", "out-header"):
            messages = consume(brokers, [topic], 6)
            deserializer = JSONDeserializer(None, schema_registry_client=client, conf={"validate": True})
            got, why = [], ""
            try:
                for message in messages:
                    context = SerializationContext(topic, MessageField.VALUE, message.headers())
                    got.append(deserializer(message.value(), context)["text"])
            except Exception as error:  # whatever the client says is the finding
                why = f"{type(error).__name__}: {error}"
            check(f"{topic}-is-read", sorted(got) == want and not why, why or f"got {sorted(got)}")
        registered = client.get_latest_version("out-prefix-value").schema
        check("output-is-registered", json.loads(registered.schema_str) == OUTPUT, registered.schema_str)
        letters = {message.key(): message for message in consume(brokers, ["out-prefix.dlq"], 2)}
        reasons = {key: dict(message.headers())["busbar-dlq-reason"] for key, message in letters.items()}
        check("dead-letters-say-why", reasons == {b"plain": b"decode", b"unknown": b"schema"}, str(reasons))
        whole = letters.get(b"unknown")
        check("dead-letters-are-whole", whole is not None and whole.value()[:5] == b"\0\0\0\x7f\xff", "the id is gone")
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
    if failed:
        print((folder / "worker.log").read_text()[-4000:], file=sys.stderr)
    sys.exit(1 if failed else 0)


main()
