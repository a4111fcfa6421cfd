"""The group protocol step by step: generations, member ids, static members, offsets."""

import struct
import time

import wire
from cases import case, expect, expect_equal, until
from cases_wire_records import ready_producer


def wire_case(seconds=30):
    return case(clients=("wire",), seconds=seconds)


class Member:
    """One member on a connection of its own. Its calls return the error's name."""

    def __init__(self, c, group, instance=None, session_ms=6000, rebalance_ms=10_000, protocols=(("range", b"p"),)):
        self.connection = c.wire()
        self.group, self.instance, self.id, self.generation = group, instance, "", -1
        self.session_ms, self.rebalance_ms, self.protocols = session_ms, rebalance_ms, protocols

    def send_join(self):
        return self.connection.send(
            "JoinGroup", min(5, self.connection.best("JoinGroup")), group_id=self.group,
            session_timeout_ms=self.session_ms, rebalance_timeout_ms=self.rebalance_ms, member_id=self.id,
            group_instance_id=self.instance, protocol_type="consumer",
            protocols=[dict(name=name, metadata=metadata) for name, metadata in self.protocols])

    def joined(self, answer):
        self.answer = answer
        if answer.error_code in (0, 79):
            self.id = answer.member_id
        if answer.error_code == 0:
            self.generation = answer.generation_id
        return wire.error_name(answer.error_code)

    def join(self):
        """Joins, the second time with the member id it was given (KIP-394)."""
        name = self.joined(self.send_join()())
        return self.joined(self.send_join()()) if name == "MEMBER_ID_REQUIRED" else name

    def ask_id(self):
        """The first half of a join: obtains a member id."""
        return self.joined(self.send_join()())

    def sync(self, assignments=None):
        return self.send_sync(assignments)()

    def send_sync(self, assignments=None):
        receive = self.connection.send(
            "SyncGroup", min(3, self.connection.best("SyncGroup")), group_id=self.group,
            generation_id=self.generation, member_id=self.id, group_instance_id=self.instance,
            assignments=[dict(member_id=m, assignment=a) for m, a in (assignments or {}).items()])

        def synced():
            answer = receive()
            return wire.error_name(answer.error_code), answer.assignment

        return synced

    def heartbeat(self):
        return wire.error_name(self.connection.call(
            "Heartbeat", min(3, self.connection.best("Heartbeat")), group_id=self.group, generation_id=self.generation,
            member_id=self.id, group_instance_id=self.instance).error_code)

    def commit(self, topic, offset, metadata=""):
        answer = self.connection.call(
            "OffsetCommit", min(7, self.connection.best("OffsetCommit")), group_id=self.group,
            generation_id_or_member_epoch=self.generation, member_id=self.id, group_instance_id=self.instance,
            topics=[dict(name=topic, partitions=[dict(partition_index=0, committed_offset=offset,
                                                      committed_leader_epoch=-1, committed_metadata=metadata)])])
        return wire.error_name(answer.topics[0].partitions[0].error_code)

    def leave(self):
        answer = self.connection.call("LeaveGroup", 3, group_id=self.group, members=[
            dict(member_id=self.id, group_instance_id=self.instance)])
        return wire.error_name(answer.error_code or answer.members[0].error_code)


def fetched(connection, group, topic):
    answer = connection.call("OffsetFetch", 5, group_id=group, topics=[dict(name=topic, partition_indexes=[0])])
    found = answer.topics[0].partitions[0]
    return found.committed_offset, found.metadata


def alone(c, **options):
    """A stable group of one."""
    member = Member(c, c.name("g"), **options)
    expect_equal(member.join(), "NONE", "join")
    expect_equal(member.sync({member.id: b"mine"}), ("NONE", b"mine"), "sync")
    return member


def pair(c, **options):
    """A stable group of two: (leader, follower)."""
    leader = alone(c, **options)
    follower = Member(c, leader.group, **options)
    expect_equal(follower.ask_id(), "MEMBER_ID_REQUIRED", "first join of the second member")
    waiting = follower.send_join()
    until(lambda: leader.heartbeat() == "REBALANCE_IN_PROGRESS", "the first is told")
    expect_equal(leader.join(), "NONE", "the first joins again")
    expect_equal(follower.joined(waiting()), "NONE", "the second joins")
    if leader.id != leader.answer.leader:
        leader, follower = follower, leader
    synced = follower.send_sync()
    expect_equal(leader.sync({m.id: m.id.encode() for m in (leader, follower)}), ("NONE", leader.id.encode()), "leader's part")
    expect_equal(synced(), ("NONE", follower.id.encode()), "follower's part")
    return leader, follower


@wire_case()
def group_member_id_is_required(c):
    """A dynamic member's first JoinGroup v4+ is answered MEMBER_ID_REQUIRED with the id it shall use (KIP-394)."""
    member = Member(c, c.name("g"))
    expect_equal(member.ask_id(), "MEMBER_ID_REQUIRED", "first join")
    expect(member.id, "no member id was given")
    expect_equal(member.join(), "NONE", "second join")
    expect_equal((member.answer.leader, member.answer.protocol_name), (member.id, "range"), "leader, protocol")
    expect_equal([m.member_id for m in member.answer.members], [member.id], "members told to the leader")


@wire_case()
def group_generation_grows_and_is_checked(c):
    """A join of a second member raises the generation; what names the old one is ILLEGAL_GENERATION, or told
    to rejoin."""
    first, topic = alone(c), c.topic()
    old = first.generation
    second = Member(c, first.group)
    second.ask_id()
    waiting = second.send_join()
    until(lambda: first.heartbeat() == "REBALANCE_IN_PROGRESS", "the first is told of the rebalance")
    expect_equal(first.commit(topic, 3), "NONE", "a commit of the old generation before it ends")
    expect_equal(first.join(), "NONE", "first joins again")
    expect_equal(second.joined(waiting()), "NONE", "second joins")
    expect_equal((first.generation, second.generation), (old + 1, old + 1), "generations")
    expect_equal(len(first.answer.members) + len(second.answer.members), 2, "only the leader is told the members")
    first.generation = old
    expect_equal(first.heartbeat(), "ILLEGAL_GENERATION", "heartbeat of the old generation")
    expect_equal(first.commit(topic, 9), "ILLEGAL_GENERATION", "commit of the old generation")
    expect_equal(first.sync()[0], "ILLEGAL_GENERATION", "sync of the old generation")
    expect_equal(fetched(first.connection, first.group, topic)[0], 3, "committed offset")


@wire_case()
def group_sync_waits_for_the_leader(c):
    """Followers get exactly the bytes the leader assigned; heartbeats meanwhile are answered."""
    leader, follower = pair(c)
    expect_equal((leader.heartbeat(), follower.heartbeat()), ("NONE", "NONE"), "heartbeats when stable")
    expect_equal(follower.sync(), ("NONE", follower.id.encode()), "sync again when stable")


@wire_case()
def group_unknown_members_are_refused(c):
    """A made-up member id is UNKNOWN_MEMBER_ID everywhere, and a group nobody knows too."""
    member, topic = alone(c), c.topic()
    real, member.id = member.id, "made-up"
    expect_equal(member.heartbeat(), "UNKNOWN_MEMBER_ID", "heartbeat")
    expect_equal(member.commit(topic, 1), "UNKNOWN_MEMBER_ID", "commit")
    expect_equal(member.sync()[0], "UNKNOWN_MEMBER_ID", "sync")
    expect_equal(member.joined(member.send_join()()), "UNKNOWN_MEMBER_ID", "join")
    expect_equal(member.leave(), "UNKNOWN_MEMBER_ID", "leave")
    member.id = real
    expect_equal(member.heartbeat(), "NONE", "the real one")
    member.group = c.name("g")
    expect_equal(member.heartbeat(), "UNKNOWN_MEMBER_ID", "heartbeat to an unknown group")


@wire_case()
def group_protocols_must_match(c):
    """A member without a protocol in common, or with none, is INCONSISTENT_GROUP_PROTOCOL; the group chooses
    one all have."""
    first = alone(c, protocols=(("a", b"1"), ("b", b"2")))
    other = Member(c, first.group, protocols=(("c", b""),))
    expect_equal(other.ask_id(), "INCONSISTENT_GROUP_PROTOCOL", "nothing in common")
    second = Member(c, first.group, protocols=(("b", b"3"), ("x", b"4")))
    second.ask_id()
    waiting = second.send_join()
    until(lambda: first.heartbeat() == "REBALANCE_IN_PROGRESS", "the first is told")
    expect_equal(first.join(), "NONE", "join again")
    second.joined(waiting())
    expect_equal((first.answer.protocol_name, second.answer.protocol_name), ("b", "b"), "protocol")
    told = {m.member_id: bytes(m.metadata) for m in list(first.answer.members) + list(second.answer.members)}
    expect_equal(told, {first.id: b"2", second.id: b"3"}, "metadata told to the leader")


@wire_case()
def group_name_must_not_be_empty(c):
    """A group whose name is empty is INVALID_GROUP_ID to members (Kafka lets it keep offsets, for old clients)."""
    member = Member(c, "")
    expect_equal(member.ask_id(), "INVALID_GROUP_ID", "join")
    member.id, member.generation = "x", 1
    expect_equal((member.heartbeat(), member.sync()[0]), ("INVALID_GROUP_ID", "INVALID_GROUP_ID"), "heartbeat, sync")


@wire_case()
def group_session_times_are_bounded(c):
    """Sessions outside 6 s to 30 min are INVALID_SESSION_TIMEOUT."""
    for session_ms in (10, 4_000_000):
        member = Member(c, c.name("g"), session_ms=session_ms)
        expect_equal(member.ask_id(), "INVALID_SESSION_TIMEOUT", f"{session_ms} ms")


@wire_case()
def group_session_expires(c):
    """A member that sends no heartbeat is out after its session, not before; the other is told."""
    leader, follower = pair(c)
    began = time.monotonic()
    until(lambda: leader.heartbeat() == "REBALANCE_IN_PROGRESS", "the other is told", 15, 0.25)
    took = time.monotonic() - began
    expect(4.5 < took < 12, f"after {took:.1f} s with a session of 6 s")
    expect_equal(follower.heartbeat(), "UNKNOWN_MEMBER_ID", "heartbeat of the one that was silent")


@wire_case()
def group_slow_member_is_left_behind(c):
    """A member that does not rejoin within the rebalance timeout is dropped and the others go on, though it
    heartbeats."""
    leader, follower = pair(c, rebalance_ms=2000, session_ms=20_000)
    waiting, began = leader.send_join(), time.monotonic()
    until(lambda: follower.heartbeat() == "REBALANCE_IN_PROGRESS", "the other is told")
    expect_equal(leader.joined(waiting()), "NONE", "join")
    took = time.monotonic() - began
    expect(1.5 < took < 6, f"the join took {took:.1f} s with a rebalance timeout of 2 s")
    expect_equal(len(leader.answer.members), 1, "members of the new generation")
    expect_equal(follower.heartbeat(), "UNKNOWN_MEMBER_ID", "heartbeat of the one left behind")


@wire_case()
def group_leave(c):
    """Leaving is answered, the other member is told, and the left id is unknown."""
    leader, follower = pair(c)
    expect_equal(follower.leave(), "NONE", "leave")
    expect_equal(leader.heartbeat(), "REBALANCE_IN_PROGRESS", "the other is told")
    expect_equal(follower.heartbeat(), "UNKNOWN_MEMBER_ID", "the one that left")


@wire_case()
def group_static_member_is_replaced_and_fenced(c):
    """A static member that joins anew gets a new id at once; the old id is FENCED_INSTANCE_ID everywhere (KIP-345)."""
    member, topic = alone(c, instance="i-1"), c.topic()
    twin = Member(c, member.group, "i-1")
    expect_equal(twin.join(), "NONE", "the twin joins")
    expect(twin.id != member.id, "the twin got the same member id")
    expect_equal(twin.generation, member.generation, "generation (nothing changed, so no rebalance)")
    expect_equal(member.heartbeat(), "FENCED_INSTANCE_ID", "heartbeat of the old one")
    expect_equal(member.commit(topic, 1), "FENCED_INSTANCE_ID", "commit of the old one")
    expect_equal(member.joined(member.send_join()()), "FENCED_INSTANCE_ID", "join of the old one")
    expect_equal(member.sync()[0], "FENCED_INSTANCE_ID", "sync of the old one")
    expect_equal(twin.sync()[1], b"mine", "the twin's part is its predecessor's")
    expect_equal(twin.heartbeat(), "NONE", "heartbeat of the twin")


@wire_case()
def group_offsets_by_simple_consumers(c):
    """Without members anybody may commit (generation -1), with metadata; with members that is refused."""
    connection, topic, group = c.wire(), c.topic(), c.name("g")
    simple = Member(c, group)
    expect_equal(simple.commit(topic, 12, "note"), "NONE", "commit")
    expect_equal(fetched(connection, group, topic), (12, "note"), "fetch")
    expect_equal(fetched(connection, c.name("g"), topic)[0], -1, "a group nobody knows")
    member = Member(c, group)
    expect_equal(member.join(), "NONE", "join")
    member.sync({member.id: b""})
    expect_equal(simple.commit(topic, 13), "UNKNOWN_MEMBER_ID", "commit with members")
    expect_equal(fetched(connection, group, topic)[0], 12, "offset")


@wire_case()
def group_offset_metadata_is_bounded(c):
    """Offset metadata above 4,096 bytes is OFFSET_METADATA_TOO_LARGE; an unknown topic is told."""
    topic, simple = c.topic(), Member(c, c.name("g"))
    expect_equal(simple.commit(topic, 1, "m" * 5000), "OFFSET_METADATA_TOO_LARGE", "5,000 bytes")
    expect_equal(simple.commit(topic, 1, "m" * 4096), "NONE", "4,096 bytes")
    expect_equal(simple.commit(c.name("none"), 1), "UNKNOWN_TOPIC_OR_PARTITION", "unknown topic")


@wire_case()
def group_offset_delete(c):
    """OffsetDelete removes a topic's offsets, but not of a topic that a member reads."""
    connection, topic, simple = c.wire(), c.topic(), Member(c, c.name("g"))
    expect_equal(simple.commit(topic, 5), "NONE", "commit")
    answer = connection.call("OffsetDelete", 0, group_id=simple.group, topics=[
        dict(name=topic, partitions=[dict(partition_index=0)])])
    expect_equal((answer.error_code, answer.topics[0].partitions[0].error_code), (0, 0), "OffsetDelete")
    expect_equal(fetched(connection, simple.group, topic)[0], -1, "offset afterwards")
    subscription = struct.pack(">hih", 0, 1, len(topic)) + topic.encode() + struct.pack(">i", -1)
    reader = Member(c, simple.group, protocols=(("range", subscription),))
    expect_equal(reader.join(), "NONE", "join")
    reader.sync({reader.id: b""})
    expect_equal(reader.commit(topic, 6), "NONE", "commit of the reader")
    answer = connection.call("OffsetDelete", 0, group_id=simple.group, topics=[
        dict(name=topic, partitions=[dict(partition_index=0)])])
    expect_equal(wire.error_name(answer.topics[0].partitions[0].error_code), "GROUP_SUBSCRIBED_TO_TOPIC", "in use")


@wire_case()
def group_txn_offsets_check_the_generation(c):
    """TxnOffsetCommit v3 of a wrong generation, member or instance is refused; the right one counts at commit
    (KIP-447)."""
    member, topic, name = alone(c), c.topic(), c.name("tx")
    connection = c.wire()
    identity, epoch = ready_producer(connection, name)
    error = connection.call("AddOffsetsToTxn", min(2, connection.best("AddOffsetsToTxn")), transactional_id=name,
                            producer_id=identity, producer_epoch=epoch, group_id=member.group).error_code
    expect_equal(wire.error_name(error), "NONE", "AddOffsetsToTxn")

    def commit(generation, identifier, instance=None, offset=5):
        answer = connection.call(
            "TxnOffsetCommit", 3, transactional_id=name, group_id=member.group, producer_id=identity,
            producer_epoch=epoch, generation_id=generation, member_id=identifier, group_instance_id=instance,
            topics=[dict(name=topic, partitions=[dict(partition_index=0, committed_offset=offset,
                                                      committed_leader_epoch=-1, committed_metadata="")])])
        return wire.error_name(answer.topics[0].partitions[0].error_code)

    expect_equal(commit(member.generation - 1, member.id), "ILLEGAL_GENERATION", "the generation before")
    expect_equal(commit(member.generation + 1, member.id), "ILLEGAL_GENERATION", "the generation after")
    expect_equal(commit(member.generation, "made-up"), "UNKNOWN_MEMBER_ID", "a made-up member")
    expect_equal(commit(member.generation, member.id, offset=8), "NONE", "the right one")
    expect_equal(fetched(connection, member.group, topic)[0], -1, "before the commit")
    error = connection.call("EndTxn", min(2, connection.best("EndTxn")), transactional_id=name, producer_id=identity,
                            producer_epoch=epoch, committed=True).error_code
    expect_equal(wire.error_name(error), "NONE", "EndTxn")
    until(lambda: fetched(connection, member.group, topic)[0] == 8, "the offset counts")


@wire_case()
def group_offsets_topic_can_be_read(c):
    """__consumer_offsets is there with 50 partitions and holds the commit in Kafka's own record format."""
    connection, topic, group = c.wire(), c.topic(), c.name("g")
    expect_equal(Member(c, group).commit(topic, 77, "seen"), "NONE", "commit")
    described = connection.call("Metadata", 1, topics=[dict(name="__consumer_offsets")]).topics[0]
    expect_equal((described.error_code, len(described.partitions), described.is_internal), (0, 50, True), "its metadata")
    partition = java_hash(group) % 50
    wanted = b"".join(struct.pack(">h", len(part)) + part for part in (group.encode(), topic.encode()))
    key = struct.pack(">h", 1) + wanted + struct.pack(">i", 0)
    position = connection.list_offset("__consumer_offsets", partition, -2)
    end, values = connection.list_offset("__consumer_offsets", partition, -1), []
    while position < end:
        found = wire.batches(connection.fetch("__consumer_offsets", partition, position).records)
        expect(found, f"nothing is served at offset {position} of {end}")
        values += [record.value for batch in found for record in batch if record.key == key]
        position = found[-1].next_offset
    expect(values, f"no offset commit key of the group in partition {partition}")
    version, offset = struct.unpack_from(">hq", values[-1])
    expect_equal((version in (1, 3), offset), (True, 77), "value's version and offset")


def java_hash(text):
    """Java's String.hashCode without its sign, as Kafka's Utils.abs has it."""
    value = 0
    for character in text:
        value = (31 * value + ord(character)) & 0xFFFFFFFF
    return 0 if value == 1 << 31 else abs(value - (1 << 32) if value >> 31 else value)
