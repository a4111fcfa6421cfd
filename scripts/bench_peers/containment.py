"""What busbar-bench compares schemas against: jsonschema-rs, which says whether one canonical schema covers another.

Reads a folder with pairs.ndjson ([old, new] per line). For each line on standard input it judges all pairs from their texts,
and answers with how many there are, CPU seconds of this process, and wall seconds.
"""

import pathlib
import sys
import time

import jsonschema_rs
import orjson

lines = (pathlib.Path(sys.argv[1]) / "pairs.ndjson").read_bytes().splitlines()
pairs = [tuple(orjson.dumps(side) for side in orjson.loads(line)) for line in lines]


def judge(old, new):
    try:
        return jsonschema_rs.canonicalize(orjson.loads(new)).covers(jsonschema_rs.canonicalize(orjson.loads(old)))
    except ValueError:
        return None


print("ready", flush=True)
for _ in sys.stdin:
    wall, cpu = time.perf_counter(), time.process_time()
    for old, new in pairs:
        judge(old, new)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(len(pairs), cpu, wall, flush=True)
