"""What is produced comes back byte for byte, in order, once."""

import time

import wire
from cases import Record, case, expect, expect_equal
from proxy import PRODUCE, Proxy


def sample(random, count=60):
    """Records of every shape: keys and values absent, empty, binary and compressible; headers; set times."""
    now = int(time.time() * 1000)
    shapes = [
        Record(b"value", b"key", (), now),
        Record(b"", b"empty value", (), now - 1000),
        Record(None, b"null value", (), now),
        Record(b"null key", None, (), now + 1000),
        Record(b"empty key", b"", (), now),
        Record(b"headers", b"k", (("a", b"1"), ("a", b"2"), ("b", b""), ("", b"empty name"), ("ü", b"\xff\x00")), now),
        Record(b"\x00\xff" * 50, bytes(range(256)), (), now),
        Record(b"compressible " * 500, b"k", (), now),
        Record(random.randbytes(5000), b"incompressible", (), now),
    ]
    return [shapes[index % len(shapes)] if index < len(shapes) else
            Record(b"%d" % index + random.randbytes(random.randrange(300)), b"k%d" % (index % 7), (), now + index)
            for index in range(count)]


def same(read, written, what):
    expect_equal(len(read), len(written), f"{what}: number of records")
    for index, (got, wanted) in enumerate(zip(read, written)):
        expect_equal(got.content(), wanted.content(), f"{what}: record {index}")
        if wanted.timestamp is not None:
            expect_equal(got.timestamp, wanted.timestamp, f"{what}: timestamp of record {index}")
    expect_equal([r.offset for r in read], list(range(read[0].offset, read[0].offset + len(read))), f"{what}: offsets")


def round_trip(codec):
    def run(c):
        topic = c.topic(2)
        written = sample(c.random)
        placed = c.client.produce(topic, written, codec)
        expect_equal(placed, [(0, offset) for offset in range(len(written))], "acknowledged places")
        same(c.client.read(topic, len(written)), written, codec)
        if codec != "none":
            stored = c.wire().fetch(topic, 0, 0, partition_bytes=1 << 20).records
            codecs = {batch.compression_type for batch in wire.batches(stored)}
            expect(codecs - {0}, f"the stored batches carry codecs {codecs}: the broker unpacked them")

    run.__name__ = f"produce_{codec}"
    run.__doc__ = f"Records of every shape, {codec}, come back byte for byte with their times and consecutive offsets."
    return run


for _codec in ("none", "gzip", "snappy", "lz4", "zstd"):
    case()(round_trip(_codec))


@case()
def produce_null_key_and_value(c):
    """A record with neither key nor value is stored and read."""
    topic = c.topic()
    c.client.produce(topic, [Record(None, None), Record(b"x")])
    expect_equal([r.content() for r in c.client.read(topic, 2)], [(None, None, ()), (None, b"x", ())], "records")


@case()
def produce_null_header_value(c):
    """A header whose value is null comes back as null, not as empty."""
    topic = c.topic()
    headers = (("h", None), ("h", b""), ("h", None))
    c.client.produce(topic, [Record(b"x", b"k", headers)])
    expect_equal(c.client.read(topic, 1)[0].headers, headers, "headers")


@case(seconds=60)
def produce_mixed_sizes_and_5_mb(c):
    """Small and large records in one run, one of them 5 MB, on a topic that allows it."""
    topic = c.topic(max_message_bytes=8_000_000)
    sizes = [1, 100, 10_000, 300_000, 10, 5_000_000, 1, 900_000, 50]
    written = [Record(c.random.randbytes(size), b"%d" % size) for size in sizes]
    c.client.produce(topic, written)
    same(c.client.read(topic, len(written)), written, "mixed sizes")


@case(seconds=60)
def produce_keeps_order(c):
    """5,000 records over 4 partitions in many batches: each partition has its own in the order they were sent."""
    topic = c.topic(4)
    written = [Record(b"%d" % index, b"k", partition=index % 4) for index in range(5000)]
    placed = c.client.produce(topic, written, idempotent=True, linger_ms=1, batch_bytes=2000)
    expect_equal(placed, [(index % 4, index // 4) for index in range(5000)], "acknowledged places")
    for partition in range(4):
        same(c.client.read(topic, 1250, partition, settle=0.1), written[partition::4], f"partition {partition}")


@case()
def produce_acks_1_and_0(c):
    """acks=1 answers with offsets; acks=0 is not answered and still stored."""
    topic = c.topic()
    expect_equal(c.client.produce(topic, [Record(b"a", b"k")], acks=1), [(0, 0)], "acks=1 place")
    c.client.produce(topic, [Record(b"b", b"k")], acks=0)
    expect_equal([r.value for r in c.client.read(topic, 2)], [b"a", b"b"], "records")


@case(seconds=60)
def produce_idempotent_retries(c):
    """Answers to three produce requests are lost; the retries of an idempotent producer store nothing twice."""
    topic = c.topic()
    proxy = c.closes(Proxy(c.bootstrap))
    written = [Record(b"%d" % index, b"k") for index in range(600)]
    proxy.lose_answers(PRODUCE, 3)
    c.client.produce(topic, written, idempotent=True, linger_ms=0, batch_bytes=1000, bootstrap=proxy.bootstrap)
    expect_equal(proxy.lost, 3, "answers lost")
    read = c.client.read(topic, 600)
    expect_equal([r.value for r in read], [r.value for r in written], "values")


@case()
def produce_log_append_time(c):
    """message.timestamp.type=LogAppendTime replaces the producer's times by the broker's."""
    topic = c.topic(message_timestamp_type="LogAppendTime")
    before = int(time.time() * 1000)
    c.client.produce(topic, [Record(b"x", b"k", (), 1_000_000)])
    read = c.client.read(topic, 1)[0]
    expect(before - 1000 <= read.timestamp <= int(time.time() * 1000) + 1000, f"timestamp {read.timestamp}")
