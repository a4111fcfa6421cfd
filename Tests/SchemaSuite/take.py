"""Takes the optional tests and the output tests out of a checkout of JSON-Schema-Test-Suite.

    python3 Tests/SchemaSuite/take.py FOLDER

writes optional.ndjson and output.ndjson beside itself: one group of tests a line, with the drafts it is in. A group that
several drafts share is there once; the `$schema` of its own draft is left out of a schema. The documents that they refer
to are in remotes.ndjson.
"""

import json
import pathlib
import re
import sys

suite = pathlib.Path(sys.argv[1])
here = pathlib.Path(__file__).parent
drafts = {
    "draft4": "http://json-schema.org/draft-04/schema#",
    "draft6": "http://json-schema.org/draft-06/schema#",
    "draft7": "http://json-schema.org/draft-07/schema#",
    "draft2019-09": "https://json-schema.org/draft/2019-09/schema",
    "draft2020-12": "https://json-schema.org/draft/2020-12/schema",
}


def groups(pattern):
    found = {}
    for draft, metaschema in drafts.items():
        for path in sorted((suite / pattern.format(draft)).rglob("*.json")):
            name = str(path.relative_to(suite / pattern.format(draft)))
            for group in json.loads(path.read_text()):
                schema = group["schema"]
                if isinstance(schema, dict) and schema.get("$schema") == metaschema:
                    schema = {key: value for key, value in schema.items() if key != "$schema"}
                line = {
                    "file": name,
                    "description": group["description"],
                    "schema": schema,
                    "tests": [{key: value for key, value in test.items() if key != "comment"} for test in group["tests"]],
                }
                found.setdefault(json.dumps(line), []).append(draft)
    return [json.loads(line) | {"drafts": names} for line, names in sorted(found.items())]


def write(name, lines):
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    (here / name).write_text(text)
    print(f"{len(lines)} lines, {len(text)} bytes in {name}")


optional, output = groups("tests/{}/optional"), groups("output-tests/{}/content")
local = "http://localhost:1234/"
remotes = {
    uri: suite / "remotes" / uri.removeprefix(local)
    for uri in re.findall(rf'"({local}[^"]+\.json)"', json.dumps(optional))
    if (suite / "remotes" / uri.removeprefix(local)).exists()
}
for draft in ["2019-09", "2020-12"]:
    remotes[f"https://json-schema.org/draft/{draft}/output/schema"] = suite / f"output-tests/draft{draft}/output-schema.json"
write("optional.ndjson", optional)
write("output.ndjson", output)
write("remotes.ndjson", [{"uri": uri, "document": json.loads(path.read_text())} for uri, path in sorted(remotes.items())])
