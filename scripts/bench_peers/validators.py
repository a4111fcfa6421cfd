"""The validators that busbar-bench is measured against: orjson with jsonschema-rs and with fastjsonschema.

Reads a folder with NAME.schema.json and NAME.KIND.ndjson (one document per line), then requests from standard input, a
line each: PEER NAME KIND COUNT. Answers with documents that were valid, CPU seconds of this process, and wall seconds.
"""

import json
import pathlib
import sys
import time

import fastjsonschema
import jsonschema_rs
import orjson


def with_jsonschema_rs(schema):
    validator = jsonschema_rs.validator_for(schema, validate_formats=False)
    loads, is_valid = orjson.loads, validator.is_valid

    def run(texts, rounds):
        valid = 0
        for _ in range(rounds):
            for text in texts:
                if is_valid(loads(text)):
                    valid += 1
        return valid

    return run


def with_fastjsonschema(schema):
    validate = fastjsonschema.compile(schema, use_default=False, use_formats=False)
    loads, refused = orjson.loads, fastjsonschema.JsonSchemaValueException

    def run(texts, rounds):
        valid = 0
        for _ in range(rounds):
            for text in texts:
                try:
                    validate(loads(text))
                    valid += 1
                except refused:
                    pass
        return valid

    return run


peers = {"jsonschema-rs": with_jsonschema_rs, "fastjsonschema": with_fastjsonschema}
folder = pathlib.Path(sys.argv[1])
compiled = {}
for path in folder.glob("*.schema.json"):
    name = path.name.removesuffix(".schema.json")
    schema = json.loads(path.read_bytes())
    for peer, compile in peers.items():
        compiled[peer, name] = compile(schema)

print("ready", flush=True)
texts = {}
for line in sys.stdin:
    peer, name, kind, rounds = line.split()
    if (name, kind) not in texts:
        texts[name, kind] = (folder / f"{name}.{kind}.ndjson").read_bytes().splitlines()
    wall, cpu = time.perf_counter(), time.process_time()
    valid = compiled[peer, name](texts[name, kind], int(rounds))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(valid, cpu, wall, flush=True)
