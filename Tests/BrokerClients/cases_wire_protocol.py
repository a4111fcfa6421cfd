"""Versions, frames and hostile input: what is answered, what is closed, and that nobody else notices."""

import socket
import struct
import time
import uuid

import wire
from cases import Unsupported, case, expect, expect_equal, until
from cases_wire_records import add_partition, end, ready_producer


def wire_case(seconds=30):
    return case(clients=("wire",), seconds=seconds)


def raw_request(key, version, body=b"", correlation=7, flexible=False):
    head = struct.pack(">hhih", key, version, correlation, 4) + b"wire" + (b"\0" if flexible else b"")
    return struct.pack(">i", len(head) + len(body)) + head + body


def alive(c):
    """The broker answers somebody else as if nothing had been."""
    with wire.Connection(c.bootstrap) as other:
        expect_equal(other.call("ApiVersions", 0).error_code, 0, "ApiVersions of another connection")


def refused(c, data, what):
    """The connection is closed, without an answer, within five seconds; others go on."""
    connection = c.wire()
    connection.socket.settimeout(5)
    connection.send_bytes(data)
    try:
        frame = connection.receive_frame()
        raise AssertionError(f"{what}: answered with {len(frame)} bytes instead of a closed connection")
    except wire.Refused:
        pass  # As it should be.
    except socket.timeout:
        raise AssertionError(f"{what}: neither answered nor closed within 5 s") from None
    alive(c)


@wire_case()
def versions_are_told(c):
    """ApiVersions lists what librdkafka 2.0 to 2.16, kafka-python and aiokafka need, at versions they share."""
    offered = c.wire().supported()
    needed = {"Produce": (3, 7), "Fetch": (4, 11), "ListOffsets": (1, 4), "Metadata": (0, 8), "OffsetCommit": (2, 7),
              "OffsetFetch": (1, 6), "FindCoordinator": (0, 2), "JoinGroup": (0, 5), "Heartbeat": (0, 3),
              "LeaveGroup": (0, 3), "SyncGroup": (0, 3), "DescribeGroups": (0, 4), "ListGroups": (0, 2),
              "ApiVersions": (0, 3), "CreateTopics": (2, 4), "DeleteTopics": (1, 3), "DeleteRecords": (0, 1),
              "InitProducerId": (0, 4), "AddPartitionsToTxn": (0, 2), "AddOffsetsToTxn": (0, 2), "EndTxn": (0, 2),
              "TxnOffsetCommit": (0, 3), "DescribeConfigs": (1, 2), "AlterConfigs": (0, 1), "CreatePartitions": (0, 1),
              "DeleteGroups": (0, 1), "IncrementalAlterConfigs": (0, 1), "OffsetDelete": (0, 0),
              "OffsetForLeaderEpoch": (2, 4), "DescribeCluster": (0, 0)}
    lacking = []
    for name, (lowest, highest) in needed.items():
        found = offered.get(wire.MESSAGES[f"{name}Request"].API_KEY)
        if found is None or found[0] > lowest or found[1] < highest:
            lacking.append(f"{name} {lowest}-{highest} (offered: {found})")
    expect_equal(lacking, [], "lacking")


@wire_case()
def versions_every_one_is_answered(c):
    """ApiVersions is answered in every version on offer, the flexible ones with the old response header."""
    connection = c.wire()
    highest = connection.supported()[18][1]
    for version in range(highest + 1):
        if version > wire.MESSAGES["ApiVersionsRequest"].max_version:
            break
        answer = connection.call("ApiVersions", version, **({} if version < 3 else dict(
            client_software_name="wire", client_software_version="1")))
        expect_equal(answer.error_code, 0, f"ApiVersions v{version}")
        expect(len(answer.api_keys) > 20, f"ApiVersions v{version} lists {len(answer.api_keys)} APIs")


@wire_case()
def versions_too_new_is_answered_in_version_0(c):
    """ApiVersions v99 is answered in version 0 with UNSUPPORTED_VERSION and the list, on a connection that
    stays (KIP-511)."""
    connection = c.wire()
    connection.send_bytes(raw_request(18, 99, b"\x05wire\x021\0", flexible=True))
    frame = connection.receive_frame()
    correlation, error, count = struct.unpack_from(">ihi", frame)
    expect_equal((correlation, error), (7, 35), "correlation id, error")
    listed = dict(struct.unpack_from(">hh", frame, 10 + 6 * index) for index in range(count))
    expect(18 in listed, f"the answer lists {count} APIs and ApiVersions is not among them")
    expect_equal(connection.call("ApiVersions", 0).error_code, 0, "ApiVersions v0 on the same connection")


@wire_case()
def versions_unsupported_elsewhere(c):
    """Any other API at a version that is not offered, and an API key that does not exist, close the connection."""
    refused(c, raw_request(3, 99, b"\0" * 20, flexible=True), "Metadata v99")
    refused(c, raw_request(0, 0, b"\0" * 20), "Produce v0")
    refused(c, raw_request(999, 0, b"\0" * 20), "API key 999")
    refused(c, raw_request(-5, 0, b"\0" * 20), "API key -5")


@wire_case()
def frames_that_lie_are_refused(c):
    """Negative and enormous frame sizes, torn requests and lengths beyond the frame close the connection at once."""
    refused(c, struct.pack(">i", -1), "a frame of -1 bytes")
    refused(c, struct.pack(">i", 0x7FFFFFFF) + b"x" * 100, "a frame of 2 GB")
    refused(c, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "an HTTP request")
    refused(c, raw_request(3, 1, struct.pack(">i", 0x7FFFFFF0)), "an array of two thousand million topics")
    refused(c, raw_request(3, 1, struct.pack(">ih", 1, 20_000) + b"short"), "a string beyond the frame")
    refused(c, raw_request(0, 7, struct.pack(">hhii", -1, -1, 1000, 1) + struct.pack(">h", 1) + b"t" +
                           struct.pack(">iii", 1, 0, 0x7FFFFF00)), "records beyond the frame")
    refused(c, struct.pack(">i", 3) + b"abc", "a frame too short for a header")


@wire_case()
def connections_that_stop_in_the_middle_do_no_harm(c):
    """Fifty connections that stop within a frame, and fifty that say nothing, leave the others alone."""
    connections = [c.wire() for _ in range(100)]
    for connection in connections[:50]:
        connection.send_bytes(raw_request(3, 1, b"\0" * 50)[:13])
    began = time.monotonic()
    alive(c)
    expect(time.monotonic() - began < 2, f"another connection waited {time.monotonic() - began:.1f} s")
    for connection in connections:
        connection.close()
    alive(c)


@wire_case()
def reader_that_does_not_read_blocks_nobody(c):
    """A client that asks for 100 MB and reads nothing does not slow another client."""
    topic = c.topic()
    connection = c.wire()
    for _ in range(5):
        connection.produce(topic, 0, wire.batch([b"x" * 900_000]))
    lazy = c.wire()
    for _ in range(20):
        lazy.send_fetch([(topic, 0, 0)], max_wait=0, partition_bytes=5_000_000)
    began = time.monotonic()
    for _ in range(20):
        connection.produce(topic, 0, wire.batch([b"y"]))
    expect(time.monotonic() - began < 5, f"20 produces took {time.monotonic() - began:.1f} s meanwhile")


@wire_case()
def metadata_does_not_invent_topics(c):
    """Metadata for an unknown topic that may not be created says so, with its name, and creates nothing."""
    connection, name = c.wire(), c.name("none")
    found = connection.call("Metadata", 4, topics=[dict(name=name)], allow_auto_topic_creation=False).topics[0]
    expect_equal((wire.error_name(found.error_code), found.name), ("UNKNOWN_TOPIC_OR_PARTITION", name), "answer")
    names = {topic.name for topic in connection.call("Metadata", 1, topics=None).topics}
    expect(name not in names, "the topic was created")
    found = connection.call("Metadata", 4, topics=[dict(name="no spaces")], allow_auto_topic_creation=True).topics[0]
    expect_equal(wire.error_name(found.error_code), "INVALID_TOPIC_EXCEPTION", "a bad name")


@wire_case()
def metadata_topic_ids(c):
    """A topic has a stable id (Metadata v10+); fetching by it (v13) works; a topic made anew has another."""
    connection, topic = c.wire(), c.topic()
    if connection.best("Metadata") < 10 or connection.best("Fetch") < 13:
        raise Unsupported("the broker offers no topic ids")

    def identity():
        return connection.call("Metadata", 10, topics=[dict(name=topic, topic_id=uuid.UUID(int=0))],
                               allow_auto_topic_creation=False).topics[0].topic_id

    first = identity()
    expect(first and first.int != 0, f"topic id {first}")
    expect_equal(identity(), first, "the id asked for again")
    connection.produce(topic, 0, wire.batch([b"by id"]))

    def fetch(topic_id):
        answer = connection.call(
            "Fetch", 13, max_wait_ms=0, min_bytes=1, max_bytes=1 << 20, isolation_level=0, session_id=0,
            session_epoch=-1, forgotten_topics_data=[], rack_id="", topics=[dict(topic_id=topic_id, partitions=[
                dict(partition=0, current_leader_epoch=-1, fetch_offset=0, last_fetched_epoch=-1, log_start_offset=-1,
                     partition_max_bytes=1 << 20)])])
        part = answer.responses[0].partitions[0]
        return answer.error_code or part.error_code, wire.values(part.records)

    expect_equal(fetch(first), (0, [b"by id"]), "fetch by id")
    expect_equal(wire.error_name(fetch(uuid.uuid4())[0]), "UNKNOWN_TOPIC_ID", "fetch by an id nobody has")
    connection.call("DeleteTopics", 3, topic_names=[topic], timeout_ms=10000)
    until(lambda: connection.call("Metadata", 4, topics=[dict(name=topic)], allow_auto_topic_creation=False)
          .topics[0].error_code == 3, "deleted")
    connection.create_topic(topic)
    expect(identity() != first, "the topic made anew has its predecessor's id")


@wire_case()
def metadata_every_version(c):
    """Metadata in every version on offer names the topic, its partitions and this node."""
    connection, topic = c.wire(), c.topic(3)
    for version in range(connection.supported()[3][0], connection.best("Metadata") + 1):
        entry = dict(name=topic) if version < 10 else dict(name=topic, topic_id=uuid.UUID(int=0))
        answer = connection.call("Metadata", version, topics=[entry], **(
            {} if version < 4 else dict(allow_auto_topic_creation=False)))
        found = answer.topics[0]
        expect_equal((found.name, len(found.partitions), len(answer.brokers)), (topic, 3, 1), f"Metadata v{version}")
        expect_equal({p.leader_id for p in found.partitions}, {answer.brokers[0].node_id}, f"leaders, v{version}")


@wire_case()
def fetch_sessions(c):
    """A fetch session, where the broker keeps them, is honoured; a session nobody knows is
    FETCH_SESSION_ID_NOT_FOUND."""
    connection, topic = c.wire(), c.topic()
    connection.produce(topic, 0, wire.batch([b"x"]))
    partition = dict(partition=0, current_leader_epoch=-1, fetch_offset=0, last_fetched_epoch=-1, log_start_offset=-1,
                     partition_max_bytes=1 << 20)

    def fetch(session, epoch, topics):
        return connection.call("Fetch", 11, replica_id=-1, max_wait_ms=100, min_bytes=1, max_bytes=1 << 20,
                               isolation_level=0, session_id=session, session_epoch=epoch, forgotten_topics_data=[],
                               rack_id="", topics=topics)

    first = fetch(0, 0, [dict(topic=topic, partitions=[partition])])
    expect_equal((first.error_code, wire.values(first.responses[0].partitions[0].records)), (0, [b"x"]), "first fetch")
    if first.session_id:
        again = fetch(first.session_id, 1, [])
        expect_equal([wire.values(p.records) for t in again.responses for p in t.partitions], [[b"x"]],
                     "an empty fetch in the session goes on with its partitions")
    error = fetch(123456789, 5, []).error_code
    expect_equal(wire.error_name(error), "FETCH_SESSION_ID_NOT_FOUND", "a session nobody knows")


@wire_case()
def leader_epochs(c):
    """OffsetForLeaderEpoch answers the end of the current epoch, and a newer epoch than there is
    UNKNOWN_LEADER_EPOCH."""
    connection, topic = c.wire(), c.topic()
    connection.produce(topic, 0, wire.batch([b"a", b"b"]))
    described = connection.call("Metadata", 7, topics=[dict(name=topic)], allow_auto_topic_creation=False)
    epoch = described.topics[0].partitions[0].leader_epoch

    def ask(current, wanted):
        answer = connection.call("OffsetForLeaderEpoch", 3, replica_id=-1, topics=[dict(topic=topic, partitions=[
            dict(partition=0, current_leader_epoch=current, leader_epoch=wanted)])])
        found = answer.topics[0].partitions[0]
        return wire.error_name(found.error_code), found.end_offset

    expect_equal(ask(epoch, epoch), ("NONE", 2), "the current epoch")
    expect_equal(ask(epoch + 5, epoch)[0], "UNKNOWN_LEADER_EPOCH", "a leader epoch of the future")


@wire_case()
def coordinators_are_found(c):
    """FindCoordinator names this node for groups and transactions; an unknown key type is INVALID_REQUEST."""
    connection = c.wire()
    node = connection.call("Metadata", 1, topics=[]).brokers[0].node_id
    for kind in (0, 1):
        answer = until(lambda: (lambda a: a.error_code != 15 and a)(
            connection.call("FindCoordinator", 1, key="k", key_type=kind)), "a coordinator")
        expect_equal((answer.error_code, answer.node_id), (0, node), f"key type {kind}")
    if connection.best("FindCoordinator") >= 4:
        answer = connection.call("FindCoordinator", 4, key_type=0, coordinator_keys=["a", "b"])
        expect_equal([(k.key, k.error_code, k.node_id) for k in answer.coordinators], [("a", 0, node), ("b", 0, node)],
                     "two keys, v4")


@wire_case()
def transactions_can_be_inspected(c):
    """ListTransactions, DescribeTransactions and DescribeProducers show an open transaction and where it began."""
    connection, topic, name = c.wire(), c.topic(), c.name("tx")
    identity, epoch = ready_producer(connection, name)
    connection.produce(topic, 0, wire.batch([b"plain"]))
    expect_equal(add_partition(connection, name, identity, epoch, topic), 0, "AddPartitionsToTxn")
    connection.produce(topic, 0, wire.batch([b"a", b"b"], identity, epoch, 0, True), transactional_id=name)
    listed = connection.call("ListTransactions", 0, state_filters=["Ongoing"], producer_id_filters=[identity])
    found = [(t.transactional_id, t.producer_id, t.transaction_state) for t in listed.transaction_states]
    expect_equal(found, [(name, identity, "Ongoing")], "ListTransactions")
    described = connection.call("DescribeTransactions", 0, transactional_ids=[name]).transaction_states[0]
    expect_equal((described.error_code, described.producer_epoch, described.transaction_state,
                  [(t.topic, list(t.partitions)) for t in described.topics]),
                 (0, epoch, "Ongoing", [(topic, [0])]), "DescribeTransactions")
    asked = connection.call("DescribeProducers", 0, topics=[dict(name=topic, partition_indexes=[0])])
    states = [(p.producer_id, p.producer_epoch, p.last_sequence, p.current_txn_start_offset)
              for p in asked.topics[0].partitions[0].active_producers]
    expect_equal(states, [(identity, epoch, 1, 1)], "DescribeProducers")
    expect_equal(end(connection, name, identity, epoch, False), 0, "abort")
