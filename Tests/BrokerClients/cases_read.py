"""Where reading starts, how much it brings at once, how long it waits."""

import threading
import time

from cases import Record, case, expect, expect_equal, until
from proxy import FETCH, Proxy


def numbered(count, size=0, first=0, **more):
    return [Record(b"%d:" % index + b"x" * size, b"k", **more) for index in range(first, first + count)]


def count_of(records):
    return [int(record.value.split(b":")[0]) for record in records]


@case()
def read_from_an_offset(c):
    """Reading starts at exactly the offset asked for, also inside a compressed batch."""
    topic = c.topic()
    c.client.produce(topic, numbered(100), "gzip")
    for start in (0, 1, 57, 99):
        expect_equal(count_of(c.client.read(topic, 100 - start, start=start, settle=0.1)), list(range(start, 100)),
                     f"from {start}")


@case()
def read_offsets_for_times(c):
    """A time gives the first offset at or after it; a time after the last record gives none."""
    topic = c.topic()
    base = int(time.time() * 1000) - 100_000
    c.client.produce(topic, [Record(b"%d:" % i, b"k", (), base + i * 10) for i in range(200)], batch_bytes=500)
    for asked, wanted in ((0, 0), (base, 0), (base + 1, 1), (base + 10, 1), (base + 995, 100), (base + 1990, 199),
                          (base + 1991, None)):
        expect_equal(c.client.offset_for_time(topic, asked), wanted, f"first offset at or after base+{asked - base}")


@case()
def read_offsets_for_times_out_of_order(c):
    """With times out of order the answer is still the first offset whose time is at or after the one asked for."""
    topic = c.topic()
    base = int(time.time() * 1000) - 100_000
    for delta in (0, 500, 100, 700, 200):
        c.client.produce(topic, [Record(b"x", b"k", (), base + delta)])
    for asked, wanted in ((0, 0), (50, 1), (500, 1), (501, 3), (701, None)):
        expect_equal(c.client.offset_for_time(topic, base + asked), wanted, f"base+{asked}")


@case()
def read_watermarks(c):
    """Low and high watermarks of an empty and of a filled partition."""
    topic = c.topic(2)
    expect_equal(tuple(c.client.watermarks(topic)), (0, 0), "empty partition")
    c.client.produce(topic, numbered(42))
    expect_equal(tuple(c.client.watermarks(topic)), (0, 42), "filled partition")
    expect_equal(tuple(c.client.watermarks(topic, 1)), (0, 0), "the other partition")


def fill(c, topic, megabytes, partition=0):
    """About `megabytes` MB in batches of some 90 KB; returns the number of records."""
    per_call, value = 5000, 1000
    count = 0
    while count * value < megabytes * 1_000_000:
        c.client.produce(topic, numbered(per_call, value - 10, count, partition=partition), batch_bytes=90_000,
                         linger_ms=50)
        count += per_call
    return count


@case(seconds=90)
def read_partition_limit_bounds_the_answer(c):
    """max.partition.fetch.bytes of 200 KB on a 40 MB partition: no answer exceeds it by more than a batch,
    measured on the socket."""
    topic = c.topic()
    count = fill(c, topic, 40)
    proxy = c.closes(Proxy(c.bootstrap))
    read = c.client.read(topic, 3000, start=count - 12_000, settle=0, partition_bytes=200_000, bootstrap=proxy.bootstrap)
    largest = max(proxy.sizes[FETCH])
    expect(len(read) >= 3000, f"only {len(read)} records came within the time")
    expect(largest <= 310_000, f"the largest answer had {largest:,} bytes; {len(proxy.sizes[FETCH])} answers")
    expect_equal(count_of(read), list(range(count - 12_000, count - 12_000 + len(read))), "records")


@case(seconds=60)
def read_total_limit_bounds_the_answer(c):
    """fetch.max.bytes of 300 KB: no answer exceeds it by more than a batch."""
    topic = c.topic()
    fill(c, topic, 5)
    proxy = c.closes(Proxy(c.bootstrap))
    read = c.client.read(topic, 3000, settle=0, partition_bytes=10_000_000, fetch_bytes=300_000,
                         bootstrap=proxy.bootstrap)
    largest = max(proxy.sizes[FETCH])
    expect(len(read) >= 3000, f"only {len(read)} records came within the time")
    expect(largest <= 410_000, f"the largest answer had {largest:,} bytes")


@case(seconds=60)
def read_a_batch_above_the_limit(c):
    """A single 3 MB record is delivered although the partition limit is 100 KB: reading never gets stuck."""
    topic = c.topic(max_message_bytes=8_000_000)
    c.client.produce(topic, [Record(b"0:", b"k"), Record(b"1:" + c.random.randbytes(3_000_000), b"k"), Record(b"2:", b"k")],
                     linger_ms=0)
    expect_equal(count_of(c.client.read(topic, 3, partition_bytes=100_000)), [0, 1, 2], "records")


@case(alone=True)
def read_waits_and_wakes(c):
    """A consumer at the end waits for data and gets a new record at once, not when its poll ends."""
    topic = c.topic()
    c.client.produce(topic, numbered(1))
    member = c.closes(c.client.member(c.name("g"), [topic]))
    until(lambda: member.poll(0.2), "the first record")
    sent = []

    def produce():
        time.sleep(0.5)  # The member waits at the end by then; if it did not, it would only be told sooner.
        c.client.produce(topic, numbered(1, first=1), linger_ms=0)
        sent.append(time.monotonic())

    thread = threading.Thread(target=produce)
    thread.start()
    until(lambda: member.poll(3), "the second record")
    thread.join()
    expect(time.monotonic() - sent[0] < 1, f"{time.monotonic() - sent[0]:.2f} s after it was acknowledged")


@case()
def read_only_the_partition_asked_for(c):
    """Partitions of one topic do not mix, and keep their own offsets."""
    topic = c.topic(3)
    c.client.produce(topic, [Record(b"%d:" % i, b"k", partition=i % 3) for i in range(30)])
    for partition in range(3):
        read = c.client.read(topic, 10, partition, settle=0.1)
        expect_equal(count_of(read), list(range(partition, 30, 3)), f"partition {partition}")
        expect_equal([r.offset for r in read], list(range(10)), f"offsets of partition {partition}")
