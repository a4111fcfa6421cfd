"""Idempotence, transactions and fetching as the protocol has them, past what client libraries let one do."""

import struct
import threading
import time

import wire
from cases import case, expect, expect_equal, until

OK, OUT_OF_RANGE, CORRUPT, UNKNOWN_TOPIC = 0, 1, 2, 3
OUT_OF_ORDER, DUPLICATE, INVALID_EPOCH, INVALID_TXN_STATE, FENCED = 45, 46, 47, 48, 90


def wire_case(seconds=30):
    return case(clients=("wire",), seconds=seconds)


def producer(connection, transactional_id=None, timeout_ms=10_000, **more):
    answer = connection.call("InitProducerId", min(4, connection.best("InitProducerId")),
                             transactional_id=transactional_id, transaction_timeout_ms=timeout_ms, **more)
    return answer.error_code, answer.producer_id, answer.producer_epoch


def ready_producer(connection, transactional_id=None, **more):
    """As a client does: asks again while a predecessor's transaction is being ended."""
    def attempt():
        found = producer(connection, transactional_id, **more)
        return found[0] != 51 and found
    error, identity, epoch = until(attempt, "InitProducerId")
    expect_equal(wire.error_name(error), "NONE", "InitProducerId")
    return identity, epoch


def add_partition(connection, transactional_id, identity, epoch, topic, partition=0):
    answer = connection.call(
        "AddPartitionsToTxn", min(2, connection.best("AddPartitionsToTxn")), v3_and_below_transactional_id=transactional_id,
        v3_and_below_producer_id=identity, v3_and_below_producer_epoch=epoch,
        v3_and_below_topics=[dict(name=topic, partitions=[partition])])
    return answer.results_by_topic_v3_and_below[0].results_by_partition[0].partition_error_code


def end(connection, transactional_id, identity, epoch, committed):
    return connection.call("EndTxn", min(2, connection.best("EndTxn")), transactional_id=transactional_id,
                           producer_id=identity, producer_epoch=epoch, committed=committed).error_code


@wire_case()
def idempotent_duplicates_are_answered_as_the_first(c):
    """A batch sent again, also after four more, is answered with its first offset and stored once."""
    connection, topic = c.wire(), c.topic()
    identity, epoch = ready_producer(connection)
    for sequence in range(0, 10, 2):
        answer = connection.produce(topic, 0, wire.batch([b"%d" % sequence, b"x"], identity, epoch, sequence))
        expect_equal((answer.error_code, answer.base_offset), (OK, sequence), f"sequence {sequence}")
    for sequence in (8, 0, 4):
        answer = connection.produce(topic, 0, wire.batch([b"%d" % sequence, b"x"], identity, epoch, sequence))
        expect(answer.error_code in (OK, DUPLICATE), f"sequence {sequence} again: {wire.error_name(answer.error_code)}")
        if answer.error_code == OK:
            expect_equal(answer.base_offset, sequence, f"offset of sequence {sequence} again")
    expect_equal(c.end_offset(topic), 10, "end of the partition")


@wire_case()
def idempotent_gap_is_refused(c):
    """A sequence that skips is OUT_OF_ORDER_SEQUENCE_NUMBER and stores nothing; the right one is then taken."""
    connection, topic = c.wire(), c.topic()
    identity, epoch = ready_producer(connection)
    expect_equal(connection.produce(topic, 0, wire.batch([b"a"], identity, epoch, 0)).error_code, OK, "sequence 0")
    error = connection.produce(topic, 0, wire.batch([b"c"], identity, epoch, 2)).error_code
    expect_equal(wire.error_name(error), wire.error_name(OUT_OF_ORDER), "sequence 2 after 0")
    expect_equal(connection.produce(topic, 0, wire.batch([b"b"], identity, epoch, 1)).error_code, OK, "sequence 1")
    expect_equal(c.end_offset(topic), 2, "end of the partition")


@wire_case()
def idempotent_sequences_are_per_partition_and_epoch(c):
    """Each partition counts for itself, and a new epoch begins at 0; the old epoch is refused from then on."""
    connection, topic = c.wire(), c.topic(2)
    plain, plain_epoch = ready_producer(connection)
    for partition in (0, 1):
        error = connection.produce(topic, partition, wire.batch([b"a"], plain, plain_epoch, 0)).error_code
        expect_equal(wire.error_name(error), "NONE", f"sequence 0 in partition {partition}")
    error = connection.produce(topic, 0, wire.batch([b"b"], plain, plain_epoch + 1, 5)).error_code
    expect_equal(wire.error_name(error), wire.error_name(OUT_OF_ORDER), "a new epoch that begins at 5")
    expect_equal(connection.produce(topic, 0, wire.batch([b"b"], plain, plain_epoch + 1, 0)).error_code, OK, "at 0")
    error = connection.produce(topic, 0, wire.batch([b"c"], plain, plain_epoch, 1)).error_code
    expect_equal(wire.error_name(error), wire.error_name(INVALID_EPOCH), "the old epoch")


@wire_case()
def producer_ids_are_never_given_twice(c):
    """A hundred InitProducerId without transactional.id give a hundred identities."""
    connection = c.wire()
    given = {ready_producer(connection)[0] for _ in range(100)}
    expect_equal(len(given), 100, "identities")


@wire_case()
def producer_epoch_grows_per_transactional_id(c):
    """The same transactional.id keeps its producer id and gets the next epoch; a stale epoch cannot ask for
    the next (KIP-360)."""
    connection, name = c.wire(), c.name("tx")
    first = ready_producer(connection, name)
    second = ready_producer(connection, name)
    expect_equal(second, (first[0], first[1] + 1), "the second InitProducerId")
    bumped = ready_producer(connection, name, producer_id=second[0], producer_epoch=second[1])
    expect(bumped[1] == second[1] + 1, f"epoch {bumped[1]} after {second[1]}")
    error = producer(connection, name, producer_id=first[0], producer_epoch=first[1])[0]
    expect(error in (FENCED, INVALID_EPOCH), f"a stale epoch was answered {wire.error_name(error)}")


@wire_case()
def transaction_timeout_above_the_limit_is_refused(c):
    """transaction.timeout.ms above the broker's maximum (15 minutes) is INVALID_TRANSACTION_TIMEOUT."""
    error = producer(c.wire(), c.name("tx"), timeout_ms=100_000_000)[0]
    expect_equal(wire.error_name(error), "INVALID_TRANSACTION_TIMEOUT", "error")


@wire_case()
def transaction_needs_its_partition(c):
    """Transactional records for a partition that was not added are refused: no transaction would ever end them."""
    connection, topic, name = c.wire(), c.topic(), c.name("tx")
    identity, epoch = ready_producer(connection, name)
    answer = connection.produce(topic, 0, wire.batch([b"a"], identity, epoch, 0, True), transactional_id=name)
    expect_equal(wire.error_name(answer.error_code), "INVALID_TXN_STATE", "error")
    expect_equal(c.end_offset(topic), 0, "end of the partition")


@wire_case()
def transaction_needs_its_id(c):
    """Transactional records in a Produce without transactional id are refused whole, for nobody could end them
    (TRANSACTIONAL_ID_AUTHORIZATION_FAILED, as Kafka says it)."""
    connection, topic, name = c.wire(), c.topic(2), c.name("tx")
    identity, epoch = ready_producer(connection, name)
    expect_equal(add_partition(connection, name, identity, epoch, topic), OK, "AddPartitionsToTxn")
    parts = [dict(index=0, records=wire.batch([b"a"], identity, epoch, 0, True)),
             dict(index=1, records=wire.batch([b"plain"]))]
    answer = connection.call("Produce", 7, transactional_id=None, acks=-1, timeout_ms=10000,
                             topic_data=[dict(name=topic, partition_data=parts)])
    errors = [wire.error_name(part.error_code) for part in answer.responses[0].partition_responses]
    expect_equal(errors, ["TRANSACTIONAL_ID_AUTHORIZATION_FAILED"] * 2, "errors")
    expect_equal([c.end_offset(topic, partition) for partition in (0, 1)], [0, 0], "ends of the partitions")
    stranger = connection.produce(topic, 0, wire.batch([b"a"], 999_999, 0, 0, True))
    expect_equal(wire.error_name(stranger.error_code), "TRANSACTIONAL_ID_AUTHORIZATION_FAILED", "an id nobody was given")


def commit_offset(connection, group, name, identity, epoch, topic, offset=1):
    """TxnOffsetCommit of one offset; the error's name and the seconds it took."""
    began = time.monotonic()
    answer = connection.call("TxnOffsetCommit", 3, transactional_id=name, group_id=group, producer_id=identity,
                             producer_epoch=epoch, generation_id=-1, member_id="", group_instance_id=None,
                             topics=[dict(name=topic, partitions=[dict(
                                 partition_index=0, committed_offset=offset, committed_leader_epoch=-1,
                                 committed_metadata="")])])
    return wire.error_name(answer.topics[0].partitions[0].error_code), time.monotonic() - began


@wire_case()
def transaction_offsets_of_a_zombie_are_refused(c):
    """TxnOffsetCommit of a fenced epoch is answered INVALID_PRODUCER_EPOCH or PRODUCER_FENCED at once; one without
    AddOffsetsToTxn is INVALID_TXN_STATE, one of another producer id INVALID_PRODUCER_ID_MAPPING; no offset is there."""
    connection, topic, name, group = c.wire(), c.topic(), c.name("tx"), c.name("g")
    identity, epoch = ready_producer(connection, name)
    found, _ = commit_offset(connection, group, name, identity, epoch, topic)
    expect_equal(found, "INVALID_TXN_STATE", "before AddOffsetsToTxn")
    added = connection.call("AddOffsetsToTxn", 2, transactional_id=name, producer_id=identity, producer_epoch=epoch,
                            group_id=group)
    expect_equal(added.error_code, OK, "AddOffsetsToTxn")
    found, _ = commit_offset(connection, group, name, identity + 1000, epoch, topic)
    expect_equal(found, "INVALID_PRODUCER_ID_MAPPING", "another producer id")
    successor = ready_producer(c.wire(), name)
    for attempt in range(3):
        found, took = commit_offset(connection, group, name, identity, epoch, topic)
        expect(found in ("INVALID_PRODUCER_EPOCH", "PRODUCER_FENCED"), f"the zombie's offsets, try {attempt}: {found}")
        expect(took < 2, f"answered after {took:.1f} s")
    added = connection.call("AddOffsetsToTxn", 2, transactional_id=name, producer_id=successor[0],
                            producer_epoch=successor[1], group_id=group)
    expect_equal(added.error_code, OK, "AddOffsetsToTxn of the successor")
    expect_equal(commit_offset(connection, group, name, *successor, topic, 5)[0], "NONE", "the successor's offsets")
    expect_equal(end(connection, name, *successor, True), OK, "commit")

    def stored():
        answer = connection.call("OffsetFetch", 5, group_id=group, topics=[dict(name=topic, partition_indexes=[0])])
        return answer.topics[0].partitions[0].committed_offset

    until(lambda: stored() == 5, "the successor's offset")


@wire_case()
def transaction_end_is_checked(c):
    """EndTxn of nothing, of a stale epoch, twice alike, and the other way round is answered as Kafka answers it."""
    connection, topic, name = c.wire(), c.topic(), c.name("tx")
    identity, epoch = ready_producer(connection, name)
    expect_equal(wire.error_name(end(connection, name, identity, epoch, True)), "INVALID_TXN_STATE", "nothing to end")
    expect_equal(add_partition(connection, name, identity, epoch, topic), OK, "AddPartitionsToTxn")
    answer = connection.produce(topic, 0, wire.batch([b"a"], identity, epoch, 0, True), transactional_id=name)
    expect_equal(answer.error_code, OK, "produce")
    error = end(connection, name, identity, epoch - 1 if epoch else epoch + 7, True)
    expect(error in (FENCED, INVALID_EPOCH), f"another epoch: {wire.error_name(error)}")
    expect_equal(end(connection, name, identity, epoch, True), OK, "commit")
    again = until(lambda: (lambda e: e != 51 and (e,))(end(connection, name, identity, epoch, True)), "commit again")[0]
    expect_equal(wire.error_name(again), "NONE", "the same commit again")
    expect_equal(wire.error_name(end(connection, name, identity, epoch, False)), "INVALID_TXN_STATE", "abort after commit")
    error = end(connection, name, identity + 1000, epoch, True)
    expect_equal(wire.error_name(error), "INVALID_PRODUCER_ID_MAPPING", "another producer id")


@wire_case()
def transaction_aborted_ranges_are_told(c):
    """Fetch with read_committed lists aborted transactions with their first offsets, and the markers are
    control batches."""
    connection, topic, name = c.wire(), c.topic(), c.name("tx")
    identity, epoch = ready_producer(connection, name)
    connection.produce(topic, 0, wire.batch([b"plain"]))
    expect_equal(add_partition(connection, name, identity, epoch, topic), OK, "AddPartitionsToTxn")
    connection.produce(topic, 0, wire.batch([b"a", b"b"], identity, epoch, 0, True), transactional_id=name)
    expect_equal(end(connection, name, identity, epoch, False), OK, "abort")
    until(lambda: c.end_offset(topic, committed=True) == 4, "the marker is written")
    found = connection.fetch(topic, 0, 0, isolation=1)
    told = [(entry.producer_id, entry.first_offset) for entry in found.aborted_transactions or []]
    expect_equal(told, [(identity, 1)], "aborted transactions")
    expect_equal((found.high_watermark, found.last_stable_offset), (4, 4), "high watermark, last stable offset")
    markers = [b for b in wire.batches(found.records) if b.is_control_batch]
    expect_equal([(b.base_offset, b.producer_id, b.producer_epoch >= epoch) for b in markers], [(3, identity, True)], "markers")
    expect(not connection.fetch(topic, 0, 0, isolation=0).aborted_transactions, "read_uncommitted is told of aborts")


@wire_case()
def produce_refuses_damage(c):
    """A flipped bit is CORRUPT_MESSAGE and an old message format is refused; nothing of either is stored."""
    connection, topic = c.wire(), c.topic()
    batch = bytearray(wire.batch([b"hello world"]))
    batch[-3] ^= 1
    error = connection.produce(topic, 0, bytes(batch)).error_code
    expect_equal(wire.error_name(error), wire.error_name(CORRUPT), "a flipped bit")
    batch = bytearray(wire.batch([b"hello world"]))
    struct.pack_into(">i", batch, 57, 5)  # record count
    error = connection.produce(topic, 0, bytes(batch)).error_code
    expect(error in (CORRUPT, 87), f"a wrong record count: {wire.error_name(error)}")
    expect_equal(c.end_offset(topic), 0, "end of the partition")


@wire_case()
def produce_unknown_places(c):
    """An unknown topic, a partition that is not there and acks=2 have their own errors."""
    connection, topic = c.wire(), c.topic()
    batch = wire.batch([b"x"])
    for name, partition, acks, wanted in ((c.name("none"), 0, -1, "UNKNOWN_TOPIC_OR_PARTITION"),
                                          (topic, 7, -1, "UNKNOWN_TOPIC_OR_PARTITION"), (topic, 0, 2, "INVALID_REQUIRED_ACKS")):
        error = connection.produce(name, partition, batch, acks).error_code
        expect_equal(wire.error_name(error), wanted, f"{name}/{partition}, acks {acks}")


@wire_case()
def produce_every_version(c):
    """Every Produce and Fetch version on offer that carries record batches stores and returns the same bytes."""
    connection, topic = c.wire(), c.topic()
    lowest, highest = connection.supported()[0]
    expected = []
    for version in range(max(3, lowest), min(highest, 12) + 1):
        answer = connection.produce(topic, 0, wire.batch([b"v%d" % version]), version=version)
        expect_equal((answer.error_code, answer.base_offset), (OK, len(expected)), f"Produce v{version}")
        expected.append(b"v%d" % version)
    lowest, highest = connection.supported()[1]
    for version in range(max(4, lowest), min(highest, 12) + 1):
        found = connection.fetch(topic, 0, 0, version=version)
        expect_equal(wire.values(found.records), expected, f"Fetch v{version}")


@wire_case()
def fetch_limits(c):
    """partition_max_bytes and max_bytes bound each answer, and one batch always comes."""
    connection, topic = c.wire(), c.topic(3)
    for partition in range(3):
        for _ in range(50):
            connection.produce(topic, partition, wire.batch([b"x" * 10_000]))
    for limit, most in ((1, 1), (25_000, 3), (200_000, 20)):
        found = connection.fetch(topic, 0, 0, partition_bytes=limit)
        got = len(wire.values(found.records))
        expect(1 <= got <= most, f"partition limit {limit}: {got} records of 10 KB")
    answer = connection.send_fetch([(topic, partition, 0) for partition in range(3)], max_bytes=100_000,
                                   partition_bytes=1_000_000)()
    sizes = [len(p.records or b"") for t in answer.responses for p in t.partitions]
    expect(0 < sum(sizes) <= 111_000, f"max_bytes 100,000: {sizes}")
    answer = connection.send_fetch([(topic, partition, 0) for partition in range(3)], max_bytes=1)()
    expect_equal(sum(len(wire.values(p.records)) for t in answer.responses for p in t.partitions), 1, "max_bytes 1")


@wire_case()
def fetch_waits(c):
    """With nothing to read Fetch answers after max_wait; min_bytes holds it until enough is there; data wakes it."""
    connection, topic = c.wire(), c.topic()

    def timed(**more):
        began = time.monotonic()
        found = connection.fetch(topic, 0, 0, **more)
        return time.monotonic() - began, len(wire.values(found.records)) if found else 0

    took, count = timed(max_wait=700)
    expect(0.6 < took < 1.5 and count == 0, f"nothing there: {took:.2f} s, {count} records, max_wait 0.7 s")
    took, _ = timed(max_wait=0)
    expect(took < 0.4, f"max_wait 0: {took:.2f} s")
    threading.Timer(0.4, lambda: c.wire().produce(topic, 0, wire.batch([b"wake"]))).start()
    took, count = timed(max_wait=5000)
    expect(0.3 < took < 1.5 and count == 1, f"a record after 0.4 s: {took:.2f} s, {count} records")
    took, count = timed(max_wait=700, min_bytes=100_000)
    expect(0.6 < took < 1.5 and count == 1, f"min_bytes not there: {took:.2f} s, {count} records")
    threading.Timer(0.3, lambda: c.wire().produce(topic, 0, wire.batch([b"x" * 50_000]))).start()
    took, count = timed(max_wait=5000, min_bytes=40_000)
    expect(0.2 < took < 1.5 and count == 2, f"min_bytes reached after 0.3 s: {took:.2f} s, {count} records")


@wire_case()
def fetch_errors(c):
    """Offsets beyond the end or before the start are OFFSET_OUT_OF_RANGE; the end itself is not; unknown
    topics are told."""
    connection, topic = c.wire(), c.topic()
    connection.produce(topic, 0, wire.batch([b"a", b"b"]))
    for offset, wanted in ((3, "OFFSET_OUT_OF_RANGE"), (-1, "OFFSET_OUT_OF_RANGE"), (2, "NONE"), (0, "NONE")):
        found = connection.fetch(topic, 0, offset, max_wait=0)
        expect_equal(wire.error_name(found.error_code), wanted, f"offset {offset} of 2")
    found = connection.fetch(c.name("none"), 0, 0, max_wait=0)
    expect_equal(wire.error_name(found.error_code), "UNKNOWN_TOPIC_OR_PARTITION", "unknown topic")
    found = connection.fetch(topic, 9, 0, max_wait=0)
    expect_equal(wire.error_name(found.error_code), "UNKNOWN_TOPIC_OR_PARTITION", "unknown partition")


@wire_case()
def list_offsets_special_times(c):
    """ListOffsets answers earliest (-2), latest (-1) and, from version 7, the offset of the largest time (-3)."""
    connection, topic = c.wire(), c.topic()
    for timestamp in (1000, 9000, 5000):
        connection.produce(topic, 0, wire.batch([b"x"], timestamp=timestamp))
    expect_equal([connection.list_offset(topic, 0, at) for at in (-2, -1)], [0, 3], "earliest and latest")
    if connection.best("ListOffsets") >= 7:
        answer = connection.call("ListOffsets", 7, replica_id=-1, isolation_level=0, topics=[dict(name=topic, partitions=[
            dict(partition_index=0, current_leader_epoch=-1, timestamp=-3)])])
        found = answer.topics[0].partitions[0]
        expect_equal((found.offset, found.timestamp), (1, 9000), "largest time")


@wire_case()
def pipelined_requests_are_answered_in_order(c):
    """Ten produces and a metadata request sent without waiting are answered in that order."""
    connection, topic = c.wire(), c.topic()
    waiting = [connection.send("Produce", 7, transactional_id=None, acks=-1, timeout_ms=10000, topic_data=[
        dict(name=topic, partition_data=[dict(index=0, records=wire.batch([b"%d" % i]))])]) for i in range(10)]
    waiting.append(connection.send("Metadata", 1, topics=[dict(name=topic)]))
    answers = [receive() for receive in waiting]
    expect_equal([a.responses[0].partition_responses[0].base_offset for a in answers[:10]], list(range(10)), "offsets")
