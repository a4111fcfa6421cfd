"""Topics, configurations, records and groups, administered through the clients' own calls."""

import wire
from cases import Record, case, expect, expect_equal, expect_error, until

UNKNOWN = ("UNKNOWN_TOPIC_OR_PARTITION",)


def admin_of(c):
    return c.closes(c.client.admin())


def numbered(count):
    return [Record(b"%d" % index, b"k") for index in range(count)]


@case()
def admin_create_and_delete_topic(c):
    """A topic is created with its partitions, listed, refused a second time, deleted, and gone."""
    admin, name = admin_of(c), c.name("t")
    admin.create_topic(name, 5)
    until(lambda: admin.topics().get(name) == 5, "the topic is listed with five partitions")
    expect_error(("TOPIC_ALREADY_EXISTS",), lambda: admin.create_topic(name, 5), "creating it again")
    admin.delete_topic(name)
    until(lambda: name not in admin.topics(), "the topic is gone")
    expect_error(UNKNOWN, lambda: admin.delete_topic(name), "deleting it again")


@case()
def admin_recreated_topic_is_empty(c):
    """A topic deleted and created again under its name has none of the old records, and starts at offset 0."""
    admin, name = admin_of(c), c.name("t")
    admin.create_topic(name)
    until(lambda: name in admin.topics(), "created")
    c.client.produce(name, numbered(10))
    admin.delete_topic(name)
    until(lambda: name not in admin.topics(), "gone")
    admin.create_topic(name)
    until(lambda: name in admin.topics(), "created again")
    c.client.produce(name, [Record(b"new", b"k")])
    expect_equal([(r.offset, r.value) for r in c.client.read(name, 1)], [(0, b"new")], "records")


@case()
def admin_refuses_bad_topics(c):
    """Names, counts and settings that Kafka refuses are refused with its codes, and nothing is created."""
    admin, name = admin_of(c), c.name("t")
    expect_error(("INVALID_TOPIC_EXCEPTION",), lambda: admin.create_topic("no spaces"), "a name with a space")
    expect_error(("INVALID_TOPIC_EXCEPTION",), lambda: admin.create_topic("x" * 250), "a name of 250 characters")
    expect_error(("INVALID_REPLICATION_FACTOR",), lambda: admin.create_topic(name, 1, 3), "three replicas on one node")
    expect_error(("INVALID_CONFIG",), lambda: admin.create_topic(name, **{"no.such.key": "1"}), "an unknown key")
    expect_error(("INVALID_CONFIG",), lambda: admin.create_topic(name, **{"retention.ms": "soon"}), "a bad value")
    expect(name not in admin.topics(), "the topic exists although its creation failed")


@case()
def admin_more_partitions(c):
    """Partitions can be added, the records stay; fewer or as many are refused."""
    admin, topic = admin_of(c), c.topic(2)
    c.client.produce(topic, numbered(10))
    admin.add_partitions(topic, 5)
    until(lambda: admin.topics()[topic] == 5, "five partitions are listed")
    c.client.produce(topic, [Record(b"new", b"k", partition=4)])
    expect_equal([r.value for r in c.client.read(topic, 1, 4)], [b"new"], "partition 4")
    expect_equal(len(c.client.read(topic, 10)), 10, "records of partition 0")
    for total in (3, 5):
        expect_error(("INVALID_PARTITIONS",), lambda: admin.add_partitions(topic, total), f"{total} partitions")


@case()
def admin_topic_configuration(c):
    """Settings given at creation are described; altering one key leaves the others; resetting goes back to
    the default."""
    admin, topic = admin_of(c), c.topic(1, retention_ms=3_600_000)
    found = admin.configuration(topic)
    expect_equal(found.get("retention.ms"), "3600000", "retention.ms")
    for key in ("cleanup.policy", "segment.bytes", "max.message.bytes", "retention.bytes", "min.insync.replicas"):
        expect(found.get(key) is not None, f"{key} is not described")
    default = found["max.message.bytes"]
    admin.configure(topic, "max.message.bytes", "123456")
    until(lambda: admin.configuration(topic)["max.message.bytes"] == "123456", "max.message.bytes is altered")
    if c.client.name != "aiokafka":  # It has only the older AlterConfigs, which replaces all keys.
        expect_equal(admin.configuration(topic)["retention.ms"], "3600000", "retention.ms after altering another key")
        admin.configure(topic, "max.message.bytes", None)
        until(lambda: admin.configuration(topic)["max.message.bytes"] == default, "max.message.bytes is reset")
    expect_error(("INVALID_CONFIG", "INVALID_REQUEST"), lambda: admin.configure(topic, "retention.ms", "soon"), "a bad value")


@case()
def admin_configuration_takes_effect(c):
    """A lowered max.message.bytes refuses what was taken before, and a raised one takes it again."""
    admin, topic = admin_of(c), c.topic()
    large = [Record(c.random.randbytes(5000), b"k")]
    c.client.produce(topic, large)
    admin.configure(topic, "max.message.bytes", "2000")
    expect_error(("MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE"), lambda: c.client.produce(topic, large), "5,000 bytes")
    admin.configure(topic, "max.message.bytes", "20000")
    expect_equal(c.client.produce(topic, large), [(0, 1)], "place after raising it")


@case()
def admin_delete_records(c):
    """Records before an offset go; the low watermark follows; reading from the start begins there."""
    admin, topic = admin_of(c), c.topic()
    c.client.produce(topic, numbered(50))
    expect_equal(admin.delete_records(topic, 20), 20, "low watermark in the answer")
    expect_equal(tuple(c.client.watermarks(topic)), (20, 50), "watermarks")
    expect_equal([r.offset for r in c.client.read(topic, 30, start=20)], list(range(20, 50)), "offsets")
    expect_equal(admin.delete_records(topic, -1), 50, "low watermark after deleting all")
    expect_error(("OFFSET_OUT_OF_RANGE",), lambda: admin.delete_records(topic, 99), "an offset beyond the end")


@case()
def admin_groups(c):
    """A group is listed and described with its members and what they own, empty after they left, and then deleted."""
    admin, topic, group = admin_of(c), c.topic(3), c.name("g")
    c.client.produce(topic, numbered(3))
    member = c.client.member(group, [topic])
    until(lambda: member.poll(0.2), "the member reads")
    until(lambda: admin.groups().get(group, "?") in ("stable", None), "the group is listed")
    state, members = admin.group(group)
    expect_equal((state, len(members)), ("stable", 1), "state and members")
    owned = next(iter(members.values()))
    expect(owned in (None, {(topic, p) for p in range(3)}), f"the member is described as owning {owned}")
    if c.client.name != "aiokafka":
        expect_error(("NON_EMPTY_GROUP",), lambda: admin.delete_group(group), "deleting a group with members")
    member.commit({(topic, 0): 2})
    member.close()
    until(lambda: admin.group(group)[0] == "empty", "the group is empty")
    if c.client.name == "aiokafka":  # It cannot delete groups.
        return
    admin.delete_group(group)
    expect(group not in admin.groups(), "the group is still listed")
    expect_equal(admin.group_offsets(group), {}, "offsets after deletion")


@case(clients=("confluent", "kafka-python"))
def admin_group_offsets(c):
    """Offsets of a group without members can be set and are listed; with members that is refused."""
    admin, topic, group = admin_of(c), c.topic(2), c.name("g")
    c.client.produce(topic, numbered(10))
    admin.set_group_offsets(group, {(topic, 0): 7, (topic, 1): 0})
    expect_equal(admin.group_offsets(group), {(topic, 0): 7, (topic, 1): 0}, "offsets")
    member = c.client.member(group, [topic], committing=False)
    records = until(lambda: member.poll(0.2), "the member reads")
    expect_equal(records[0][1].offset, 7, "first record of a member")
    expect_error(("UNKNOWN_MEMBER_ID", "_STATE", "ILLEGAL_GENERATION"),
                 lambda: admin.set_group_offsets(group, {(topic, 0): 1}), "with a member")
    member.close()


@case()
def admin_cluster(c):
    """The cluster is described as one node."""
    expect_equal(len(admin_of(c).cluster()), 1, "nodes")


@case(clients=("confluent",), seconds=120)
def admin_compaction(c):
    """A compacted topic keeps each key's last value with its offset, drops older ones, and keeps order."""
    topic = c.topic(1, cleanup_policy="compact", segment_bytes=100_000, segment_ms=500, min_cleanable_dirty_ratio=0.01,
                    delete_retention_ms=100, min_compaction_lag_ms=0)
    for turn in range(6):
        c.client.produce(topic, [Record(b"%d.%d" % (turn, key) + b"x" * 1000, b"k%d" % key) for key in range(50)])
    c.client.produce(topic, [Record(None, b"k0")])
    last = c.end_offset(topic)

    def compacted():
        # The segment that is written to is never compacted: a record of its own makes the old ones cleanable.
        c.client.produce(topic, [Record(b"filler" + b"y" * 1000, b"filler")])
        kept = [r for r in c.client.read(topic, 50, settle=0.3) if r.key != b"filler"]
        return kept if len(kept) <= 50 else None

    kept = until(compacted, "at most 50 of 301 records are left", seconds=90, pause=1)
    expect_equal({r.key for r in kept} - {b"k0"}, {b"k%d" % key for key in range(1, 50)}, "keys left")
    expect(all(r.value.startswith(b"5.") for r in kept if r.value), "an older value was kept")
    offsets = [r.offset for r in kept]
    expect(offsets == sorted(offsets) and offsets[0] >= 250 and offsets[-1] < last, f"offsets {offsets[:3]}…")


@case(clients=("confluent",), seconds=90)
def admin_retention(c):
    """Segments older than retention.ms go, and the low watermark moves; the partition's end stays."""
    topic = c.topic(1, retention_ms=1000, segment_bytes=50_000, segment_ms=500)
    c.client.produce(topic, [Record(b"z" * 1000, b"k") for _ in range(200)], batch_bytes=20_000)
    connection = c.wire()

    def gone():
        connection.produce(topic, 0, wire.batch([b"z" * 1000]))
        return connection.list_offset(topic, 0, -2) >= 100

    until(gone, "old segments are deleted", 75, 1)
    expect(c.end_offset(topic) > 200, "the end went back")
