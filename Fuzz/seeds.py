"""Writes the tests' requests into a folder, one file each: where the fuzzer starts."""

import gzip
import pathlib
import re
import sys

tests = pathlib.Path(__file__).parent.parent / "Tests/KafkaProtocolTests"
keys = pathlib.Path(__file__).parent.parent / "Sources/KafkaProtocol/Headers/APIKey.swift"
api_keys = {name: int(key) for name, key in re.findall(r"case (\w+) = (\d+)", keys.read_text())}
supported = (keys.parent / "SupportedVersions.swift").read_text()
flexible_since = dict(re.findall(r"\.(\w+): Support\(\S+ flexibleSince: (\d+)\)", supported))
seeds = []

for frame in re.split(r"\n +\w+ \d+\n", (tests / "Golden/Golden+captured.swift").read_text())[1:]:
    seeds.append(bytes.fromhex("".join(re.findall(r"^ +([0-9a-f]+)$", frame, re.M))))
for path in tests.glob("Golden/Golden+requests*.swift"):
    for api, fixture in re.findall(r'\.(\w+): """\n(.*?)"""', path.read_text(), re.S):
        for first, last, digits in re.findall(r"bytes @(\d+)(?:-(\d+))?\n((?: +[0-9a-f]+\n)*)", fixture):
            for version in range(int(first), int(last or first) + 1):
                header = api_keys[api].to_bytes(2, "big") + version.to_bytes(2, "big") + b"\0\0\0\1\0\1c"
                tags = b"\0" if version >= int(flexible_since.get(api, 999)) else b""
                seeds.append(header + tags + bytes.fromhex(re.sub(r"\s", "", digits)))


def compressed(batch, codec, payload):
    """The batch with other records and that codec in its attributes; its checksum is then wrong."""
    header = bytearray(batch[:61])
    header[8:12] = (49 + len(payload)).to_bytes(4, "big")
    header[22] = codec
    return b"\xff\xff" + bytes(header) + payload


for digits in re.findall(r'hex: """\n(.*?)"""', (tests / "RecordBatchTests.swift").read_text(), re.S):
    batch = bytes.fromhex(re.sub(r"\s", "", digits))
    seeds.append(b"\xff\xff" + batch)
    records = batch[61:157]
    size = len(records)
    # One literal, one uncompressed block: the least that each of the formats allows.
    literal = size.to_bytes(1, "little") + b"\xf0" + (size - 1).to_bytes(1, "little") + records
    seeds.append(compressed(batch, 1, gzip.compress(batch[61:])))
    seeds.append(compressed(batch, 2, literal))
    seeds.append(compressed(batch, 2, b"\x82SNAPPY\0\0\0\0\1\0\0\0\1" + len(literal).to_bytes(4, "big") + literal))
    block = (size | 1 << 31).to_bytes(4, "little") + records
    seeds.append(compressed(batch, 3, bytes.fromhex("04224d18604082") + block + bytes(4)))
    block = (size << 3 | 1).to_bytes(3, "little") + records
    seeds.append(compressed(batch, 4, bytes.fromhex("28b52ffd20") + size.to_bytes(1, "little") + block))

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for number, seed in enumerate(seeds):
    (folder / f"seed-{number:03}").write_bytes(seed)
print(f"{len(seeds)} seeds in {folder}")
