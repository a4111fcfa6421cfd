"""Transactions: all or nothing, seen or not seen, and who may still write."""

import time

from cases import ClientError, Record, Unsupported, case, expect, expect_equal, expect_error, until

COMMITTED, UNCOMMITTED = "read_committed", "read_uncommitted"
FENCED = ("PRODUCER_FENCED", "INVALID_PRODUCER_EPOCH")


def values(records):
    return [record.value for record in records]


def started(c, transactional_id=None, **options):
    transaction = c.closes(c.client.transactional(transactional_id or c.name("tx"), **options))
    transaction.init()
    return transaction


@case()
def transaction_commit(c):
    """A committed transaction over two partitions is seen whole at both isolation levels."""
    topic = c.topic(2)
    transaction = started(c)
    transaction.begin()
    transaction.send(topic, [b"a", b"b"], 0)
    transaction.send(topic, [b"c"], 1)
    transaction.commit()
    for isolation in (COMMITTED, UNCOMMITTED):
        expect_equal(values(c.client.read(topic, 2, 0, isolation=isolation)), [b"a", b"b"], f"partition 0, {isolation}")
        expect_equal(values(c.client.read(topic, 1, 1, isolation=isolation)), [b"c"], f"partition 1, {isolation}")


@case()
def transaction_abort(c):
    """Aborted records are seen by read_uncommitted only, also between committed ones; markers take offsets."""
    topic = c.topic()
    transaction = started(c)
    for kept, value in ((True, b"first"), (False, b"gone"), (True, b"last")):
        transaction.begin()
        transaction.send(topic, [value, value])
        transaction.commit() if kept else transaction.abort()
    read = c.client.read(topic, 4, isolation=COMMITTED)
    expect_equal(values(read), [b"first", b"first", b"last", b"last"], "read_committed")
    expect_equal([r.offset for r in read], [0, 1, 6, 7], "offsets (each marker takes one)")
    expect_equal(values(c.client.read(topic, 6)), [b"first"] * 2 + [b"gone"] * 2 + [b"last"] * 2, "read_uncommitted")


@case()
def transaction_open_holds_back(c):
    """read_committed stops before an open transaction, also for later plain records, and goes on when it ends."""
    topic = c.topic()
    transaction = started(c)
    transaction.begin()
    transaction.send(topic, [b"open"])
    c.client.produce(topic, [Record(b"plain", b"k")])
    expect_equal(values(c.client.read(topic, 1, isolation=COMMITTED, seconds=1.5)), [], "while open")
    expect_equal(values(c.client.read(topic, 2)), [b"open", b"plain"], "read_uncommitted while open")
    expect_equal((c.end_offset(topic), c.end_offset(topic, committed=True)), (2, 0), "high watermark, last stable offset")
    transaction.commit()
    expect_equal(values(c.client.read(topic, 2, isolation=COMMITTED)), [b"open", b"plain"], "after the commit")


@case()
def transaction_interleaved(c):
    """Two transactions interleave in one partition; one aborts; read_committed sees exactly the other's."""
    topic = c.topic()
    keeps, drops = started(c), started(c)
    keeps.begin()
    drops.begin()
    for index in range(5):
        keeps.send(topic, [b"keep %d" % index])
        drops.send(topic, [b"drop %d" % index])
    drops.abort()
    keeps.commit()
    read = values(c.client.read(topic, 5, isolation=COMMITTED))
    expect_equal(read, [b"keep %d" % index for index in range(5)], "read_committed")


def group_with_offsets(c):
    """A member that owns a topic of one partition with ten records."""
    topic, group = c.topic(), c.name("g")
    c.client.produce(topic, [Record(b"%d" % index, b"k") for index in range(10)])
    member = c.closes(c.client.member(group, [topic], committing=False))
    until(lambda: member.poll(0.2), "the member reads")
    return topic, group, member


@case(seconds=45)
def transaction_offsets(c):
    """Offsets sent in a transaction count when it commits, not while it is open, never when it aborts."""
    topic, group, member = group_with_offsets(c)
    output = c.topic()
    transaction = started(c)
    at = (topic, 0)
    for offset, kept, after in ((4, True, 4), (7, False, 4), (9, True, 9)):
        transaction.begin()
        transaction.send(output, [b"%d" % offset])
        transaction.send_offsets({at: offset}, member.metadata())
        transaction.commit() if kept else transaction.abort()
        # EndTxn is answered before the markers are written, and not every client asks for stable offsets.
        until(lambda: member.committed([at]).get(at) == after, f"{after} after {'commit' if kept else 'abort'} of {offset}", 5)


@case(seconds=45)
def transaction_pending_offsets_are_unstable(c):
    """While a transaction holds offsets of a group, OffsetFetch with require_stable answers
    UNSTABLE_OFFSET_COMMIT (KIP-447)."""
    topic, group, member = group_with_offsets(c)
    transaction = started(c)
    transaction.begin()
    transaction.send_offsets({(topic, 0): 5}, member.metadata())
    connection = c.wire()

    def stable(require):
        answer = connection.call("OffsetFetch", 7, group_id=group, require_stable=require,
                                 topics=[dict(name=topic, partition_indexes=[0])])
        partition = answer.topics[0].partitions[0]
        return partition.error_code, partition.committed_offset

    expect_equal(stable(True)[0], 88, "error with require_stable")
    expect_equal(stable(False), (0, -1), "without require_stable")
    transaction.commit()
    expect_equal(until(lambda: stable(True)[0] == 0 and stable(True), "stable after the commit"), (0, 5), "after commit")


@case()
def transaction_zombie_by_id(c):
    """A second producer of the same transactional.id fences the first: its records and its commit are refused."""
    topic, name = c.topic(), c.name("tx")
    first = started(c, name)
    first.begin()
    first.send(topic, [b"zombie"])
    second = started(c, name)
    error = expect_error(FENCED, lambda: (first.send(topic, [b"again"]), first.commit()), "the first producer")
    second.begin()
    second.send(topic, [b"alive"])
    second.commit()
    read = values(c.client.read(topic, 1, isolation=COMMITTED))
    expect_equal(read, [b"alive"], f"read_committed after {error.name}")


@case()
def transaction_zombie_commit(c):
    """The fenced producer's commit alone is refused too, and its records stay aborted."""
    topic, name = c.topic(), c.name("tx")
    first = started(c, name)
    first.begin()
    first.send(topic, [b"zombie"])
    started(c, name)
    expect_error(FENCED, first.commit, "the first producer's commit")
    expect_equal(values(c.client.read(topic, 1, isolation=COMMITTED, seconds=1)), [], "read_committed")
    expect_equal(c.end_offset(topic, committed=True), 2, "last stable offset, past the marker")


@case(seconds=60)
def transaction_zombie_by_generation(c):
    """A producer whose member has lost its generation cannot commit offsets, whatever its transactional.id
    (KIP-447)."""
    if c.client.name == "aiokafka":
        raise Unsupported("aiokafka sends only the group's name with transactional offsets")
    topic, group, old = group_with_offsets(c)
    stale = old.metadata()
    new = c.closes(c.client.member(group, [topic], committing=False))

    def rebalanced():
        old.poll(0.1)
        new.poll(0.1)
        return any(what == "assigned" for _, what, _ in new.events)

    until(rebalanced, "the new member is given its part, be it nothing", 30)
    transaction = started(c)
    transaction.begin()
    transaction.send(c.topic(), [b"output"])
    expect_error(("ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID", "COMMIT_FAILED", "FENCED_INSTANCE_ID"),
                 lambda: transaction.send_offsets({(topic, 0): 5}, stale), "offsets of a stale generation")
    transaction.abort()


@case(seconds=60)
def transaction_timeout(c):
    """A transaction left open is aborted by the broker after its timeout, and its producer cannot commit it."""
    topic = c.topic()
    transaction = started(c, timeout_ms=2000)
    transaction.begin()
    transaction.send(topic, [b"forgotten"])
    began = time.monotonic()
    until(lambda: c.end_offset(topic, committed=True) == 2, "the broker aborts", 30, 0.2)
    expect(time.monotonic() - began > 0.9, "the broker aborted long before the timeout")
    try:
        transaction.commit()
    except ClientError:
        expect_equal(values(c.client.read(topic, 1, isolation=COMMITTED, seconds=1)), [], "read_committed")
        return
    raise AssertionError("the commit of an aborted transaction succeeded")


@case()
def transaction_restart_aborts_the_open_one(c):
    """init_transactions of a restarted producer aborts what its predecessor left open, and then goes on."""
    topic, name = c.topic(), c.name("tx")
    first = started(c, name)
    first.begin()
    first.send(topic, [b"left open"])
    second = started(c, name)
    expect_equal(c.end_offset(topic, committed=True), 2, "last stable offset after init")
    for index in range(3):
        second.begin()
        second.send(topic, [b"%d" % index])
        second.commit()
    expect_equal(values(c.client.read(topic, 3, isolation=COMMITTED)), [b"0", b"1", b"2"], "read_committed")
