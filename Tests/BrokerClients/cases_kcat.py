"""kcat, the operator's tool: on Debian's librdkafka 2.0.2, the oldest client that must work."""

import json
import time

from cases import case, expect, expect_equal, until


def kcat_case(seconds=30):
    return case(clients=("kcat",), seconds=seconds)


@kcat_case()
def kcat_metadata(c):
    """-L lists the node and a topic with its partitions."""
    topic = c.topic(3)
    found = json.loads(c.client.run("-L", "-J", "-t", topic))
    expect_equal(len(found["brokers"]), 1, "nodes")
    expect_equal([(t["topic"], len(t["partitions"])) for t in found["topics"]], [(topic, 3)], "topics")


def round_trip(codec):
    def run(c):
        topic = c.topic()
        lines = b"".join(b"key%d:value %d\n" % (index, index) for index in range(500))
        c.client.run("-P", "-t", topic, "-p", "0", "-K", ":", "-z", codec, "-H", "h=1", "-H", "h=2", stdin=lines)
        read = c.client.run("-C", "-t", topic, "-p", "0", "-o", "beginning", "-e", "-q", "-f", "%k:%s|%h|%o\n")
        wanted = b"".join(b"key%d:value %d|h=1,h=2|%d\n" % (index, index, index) for index in range(500))
        expect_equal(read, wanted, "what was read")

    run.__name__ = f"kcat_produce_{codec}"
    run.__doc__ = f"500 records with keys and repeated headers, {codec}, come back."
    return run


for _codec in ("none", "gzip", "snappy", "lz4", "zstd"):
    kcat_case()(round_trip(_codec))


@kcat_case()
def kcat_null_values(c):
    """-Z sends nulls, and they come back as nulls."""
    topic = c.topic()
    c.client.run("-P", "-t", topic, "-p", "0", "-K", ":", "-Z", stdin=b"gone:\n:both\nk:v\n")
    read = c.client.run("-C", "-t", topic, "-p", "0", "-o", "beginning", "-e", "-q", "-J").splitlines()
    found = [(json.loads(line)["key"], json.loads(line)["payload"]) for line in read]
    expect_equal(found, [("gone", None), (None, "both"), ("k", "v")], "records")


@kcat_case()
def kcat_offsets(c):
    """-o takes an offset, counts from the end, and ranges of time; -Q asks for the offset of a time."""
    topic = c.topic()
    c.client.run("-P", "-t", topic, "-p", "0", stdin=b"".join(b"%d\n" % index for index in range(10)))
    tenth = c.client.run("-C", "-t", topic, "-p", "0", "-o", "9", "-e", "-q", "-f", "%T")
    middle = int(tenth) + 1
    until(lambda: time.time() * 1000 > middle, "the clock is past the first ten", pause=0.001)
    c.client.run("-P", "-t", topic, "-p", "0", stdin=b"10\n11\n")

    def read(*start):
        return c.client.run("-C", "-t", topic, "-p", "0", "-e", "-q", *start).split()

    expect_equal(read("-o", "7"), [b"7", b"8", b"9", b"10", b"11"], "from offset 7")
    expect_equal(read("-o", "-2"), [b"10", b"11"], "the last two")
    expect_equal(read("-o", f"s@{middle}"), [b"10", b"11"], "from a time")
    expect(b"offset 10" in c.client.run("-Q", "-t", f"{topic}:0:{middle}"), "the offset of a time")


@kcat_case(seconds=60)
def kcat_group(c):
    """-G reads a topic as a group, and a second run goes on where the first ended."""
    topic, group = c.topic(2), c.name("g")
    for partition in "0", "1":
        c.client.run("-P", "-t", topic, "-p", partition, stdin=b"a\nb\n")
    settings = ["-X", "auto.offset.reset=earliest", "-e", "-q", "-u"]
    expect_equal(sorted(c.client.run("-G", group, topic, *settings).split()), [b"a", b"a", b"b", b"b"], "first run")
    c.client.run("-P", "-t", topic, "-p", "1", stdin=b"c\n")
    expect_equal(c.client.run("-G", group, topic, *settings).split(), [b"c"], "second run")


@kcat_case()
def kcat_transaction(c):
    """-X transactional.id produces in one transaction that read_committed sees."""
    topic = c.topic()
    c.client.run("-P", "-t", topic, "-p", "0", stdin=b"x\ny\n", transactional_id=c.name("tx"))
    read = c.client.run("-C", "-t", topic, "-p", "0", "-o", "beginning", "-e", "-q", isolation_level="read_committed")
    expect_equal(read.split(), [b"x", b"y"], "read_committed")
