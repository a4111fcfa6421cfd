"""Writes schemas with an instance each into a folder, and a dictionary beside it: where the fuzzer of contracts starts."""

import json
import pathlib
import random
import sys

suite = pathlib.Path(__file__).parent.parent / "Tests/SchemaSuite/optional.ndjson"
metaschemas = {
    "draft4": "http://json-schema.org/draft-04/schema#",
    "draft6": "http://json-schema.org/draft-06/schema#",
    "draft7": "http://json-schema.org/draft-07/schema#",
    "draft2019-09": "https://json-schema.org/draft/2019-09/schema",
    "draft2020-12": "https://json-schema.org/draft/2020-12/schema",
}
keywords = """$ref $id $anchor $defs definitions $dynamicRef $dynamicAnchor $recursiveRef $recursiveAnchor type enum const allOf
anyOf oneOf not if then else items prefixItems additionalItems contains minContains maxContains minItems maxItems uniqueItems
properties patternProperties additionalProperties propertyNames required dependentRequired dependentSchemas dependencies
minProperties maxProperties unevaluatedItems unevaluatedProperties minimum maximum exclusiveMinimum exclusiveMaximum
multipleOf minLength maxLength pattern format null boolean object array number string integer""".split()
# One of each keyword, so that mutation has all of them to combine.
every = {
    "$schema": metaschemas["draft2020-12"], "$id": "busbar:/seed", "$defs": {"a": {"$anchor": "a", "type": "integer"}},
    "type": ["object", "array"], "properties": {"a": {"$ref": "#a"}, "b": {"$dynamicRef": "#n"}}, "required": ["a"],
    "patternProperties": {"^x": {"minimum": 1, "maximum": 9, "multipleOf": 0.5}}, "additionalProperties": {"type": "string"},
    "propertyNames": {"maxLength": 9, "minLength": 1, "pattern": "^[a-z]+$"}, "dependentRequired": {"a": ["b"]},
    "dependentSchemas": {"b": {"minProperties": 2}}, "if": {"required": ["c"]}, "then": {"maxProperties": 3},
    "else": {"not": {"required": ["d"]}}, "allOf": [{"$dynamicAnchor": "n"}], "anyOf": [True, False],
    "oneOf": [{"required": ["e"]}, {"const": {"a": 1}}], "unevaluatedProperties": False,
    "prefixItems": [{"enum": [1, "1", None]}], "items": {"format": "date-time"}, "contains": {"exclusiveMinimum": 0},
    "minContains": 1, "maxContains": 2, "uniqueItems": True, "minItems": 1, "maxItems": 4, "unevaluatedItems": False,
}
seeds = [(every, {"a": 1, "b": 2, "xy": 3}), (every, [1, "2024-01-01T00:00:00Z", 3])]
for line in map(json.loads, suite.read_text().splitlines()):
    schema = line["schema"]
    if isinstance(schema, dict):
        schema = {"$schema": metaschemas[line["drafts"][-1]]} | schema
    seeds += [(schema, test["data"]) for test in line["tests"][:12]]

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for number, (schema, instance) in enumerate(seeds):
    texts = [json.dumps(value, separators=(",", ":"), ensure_ascii=number % 2 == 0).encode() for value in (schema, instance)]
    (folder / f"seed-{number:04}").write_bytes(bytes([2]) + texts[0] + b"\0" + texts[1])
for number in range(200):
    (folder / f"grammar-{number:03}").write_bytes(bytes([10]) + random.Random(number).randbytes(60))
words = keywords + list(metaschemas.values())
(folder.parent / "contracts.dict").write_text("".join(f'"\\"{word}\\""\n' for word in words))
print(f"{len(seeds) + 200} seeds in {folder}")
