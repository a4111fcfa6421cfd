"""Consumer groups: who owns what, across joins, leaves, restarts and deaths; and where they go on."""

import multiprocessing
import os
import signal
import threading
import time

import wire
from cases import ClientError, Record, case, expect, expect_equal, expect_error, until

SESSION_MS = 6000


def numbered(count, partitions=1, first=0):
    return [Record(b"%d" % index, b"k", partition=index % partitions) for index in range(first, first + count)]


class Worker:
    """A member on a thread of its own that reads, notes what it read, and commits after every poll."""

    def __init__(self, c, group, topic, **options):
        self.member = c.client.member(group, [topic], session_ms=SESSION_MS, **options)
        self.seen = []
        self.failure = None
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        try:
            while not self.stopping.is_set():
                self._poll()
            self.member.close()
        except Exception as failure:  # Reported by the case's own thread, which is the one that is listened to.
            self.failure = failure

    def _poll(self):
        try:
            records = self.member.poll(0.1)
        except ClientError as error:
            if error.name not in ("_MAX_POLL_EXCEEDED", "REBALANCE_IN_PROGRESS"):
                raise
            return
        self.seen += [(record.partition, record.offset) for _, record in records]
        if records:
            self.member.commit()

    def stop(self):
        self.stopping.set()
        self.thread.join(20)
        expect(not self.thread.is_alive(), "a member did not leave within 20 s")


class Feed:
    """Produces a few records a second to every partition until stopped."""

    def __init__(self, c, topic, partitions):
        self.c, self.topic, self.partitions = c, topic, partitions
        self.count, self.failure = 0, None
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        connection = self.c.wire()
        try:
            while not self.stopping.wait(0.1):
                for partition in range(self.partitions):
                    wire.check(connection.produce(self.topic, partition, wire.batch([b"%d" % self.count])), "produce")
                self.count += 1
        except Exception as failure:  # Reported by the case's own thread.
            self.failure = failure

    def stop(self):
        self.stopping.set()
        self.thread.join(10)
        expect(self.failure is None, f"the producer failed: {self.failure}")
        return self.count


def spread(workers, partitions):
    """Whether every partition has exactly one owner among the workers and every worker owns some."""
    owned = [worker.member.assigned() for worker in workers]
    return all(owned) and sorted(p for o in owned for _, p in o) == list(range(partitions))


def check_workers(workers):
    for worker in workers:
        expect(worker.failure is None, lambda: f"a member failed: {worker.failure!r}")


def overlaps(workers):
    """Spans in which two members owned the same partition, from their own callbacks."""
    spans = {}
    for number, worker in enumerate(workers):
        since = {}
        for when, what, partitions in worker.member.events:
            for partition in partitions:
                if what == "assigned":
                    since.setdefault(partition, when)
                elif partition in since:
                    spans.setdefault(partition, []).append((since.pop(partition), when, number))
        for partition, when in since.items():
            spans.setdefault(partition, []).append((when, float("inf"), number))
    found = []
    for partition, owned in spans.items():
        owned.sort()
        found += [(partition, a, b) for a, b in zip(owned, owned[1:]) if b[0] < a[1] - 0.001]
    return found


def churn(c, assignor, partitions=6):
    topic, group = c.topic(partitions), c.name("g")
    feed = Feed(c, topic, partitions)
    alive = [Worker(c, group, topic, assignor=assignor) for _ in range(3)]
    everyone = list(alive)

    def settled():
        check_workers(everyone)
        return spread(alive, partitions)

    until(settled, "the first three members share the partitions", 30)
    for number in range(c.rebalances):
        if number % 2 == 0:
            alive.pop(0).stop()
        else:
            alive.append(Worker(c, group, topic, assignor=assignor))
            everyone.append(alive[-1])
        until(settled, f"{len(alive)} members share the partitions after rebalance {number + 1}", 20, 0.02)
    count = feed.stop()
    wanted = {(partition, offset) for partition in range(partitions) for offset in range(count)}
    until(lambda: check_workers(everyone) or wanted <= {at for worker in everyone for at in worker.seen},
          "every record is read", 10)
    for worker in alive:
        worker.stop()
    check_workers(everyone)
    expect_equal(overlaps(everyone), [], "partitions owned by two members at once")
    again = sum(len(worker.seen) for worker in everyone) - len(wanted)
    expect(again <= len(wanted) // 10, f"{again} of {len(wanted)} records were read again")


@case(seconds=240)
def group_rebalances_range(c):
    """Three members, a hundred joins and leaves, range: nothing is lost, no partition has two owners."""
    churn(c, "range")


@case(clients=("confluent", "kafka-python"), seconds=240)
def group_rebalances_cooperative(c):
    """The same with cooperative-sticky."""
    churn(c, "cooperative-sticky")


@case(clients=("confluent",))
def group_cooperative_keeps_partitions(c):
    """When a member joins a cooperative group, the others keep what does not move: no partition is revoked twice."""
    topic, group = c.topic(6), c.name("g")
    first = Worker(c, group, topic, assignor="cooperative-sticky")
    until(lambda: spread([first], 6), "one member owns all")
    second = Worker(c, group, topic, assignor="cooperative-sticky")
    until(lambda: spread([first, second], 6), "two members share")
    revoked = [p for _, what, ps in first.member.events for p in ps if what == "revoked"]
    expect_equal(len(revoked), 3, "partitions revoked from the first member")
    first.stop(), second.stop()
    check_workers([first, second])


@case(seconds=60)
def group_static_membership(c):
    """A static member that restarts within its session gets its partitions back, and the other member notices
    nothing."""
    topic, group = c.topic(4), c.name("g")
    c.client.produce(topic, numbered(40, 4))
    first = Worker(c, group, topic, instance_id="one")
    second = Worker(c, group, topic, instance_id="two")
    until(lambda: spread([first, second], 4), "two static members share", 20)
    mine, noticed = first.member.assigned(), len(second.member.events)
    first.stop()
    again = Worker(c, group, topic, instance_id="one")
    until(lambda: again.member.assigned(), "the restarted member owns partitions", 20)
    expect_equal(again.member.assigned(), mine, "partitions after the restart")
    # A rebalance would have ended before records flow on to both.
    last = {(partition, c.end_offset(topic, partition)) for partition in range(4)}
    c.client.produce(topic, numbered(4, 4, 40))
    until(lambda: last <= {at for worker in (again, second) for at in worker.seen}, "both members read on")
    expect_equal(len(second.member.events), noticed, "rebalances the other member saw")
    again.stop(), second.stop()
    check_workers([first, second, again])


@case(seconds=60)
def group_static_member_stays_away(c):
    """A static member that does not come back loses its partitions when its session ends."""
    topic, group = c.topic(2), c.name("g")
    first = Worker(c, group, topic, instance_id="one")
    second = Worker(c, group, topic, instance_id="two")
    until(lambda: spread([first, second], 2), "two static members share", 20)
    first.stop()
    gone = time.monotonic()
    until(lambda: spread([second], 2), "the other member owns all", 25)
    took = time.monotonic() - gone
    expect(took > SESSION_MS / 1000 - 2, f"after {took:.1f} s, with a session of {SESSION_MS / 1000:.0f} s")
    second.stop()
    check_workers([first, second])


def doomed(client_name, bootstrap, group, topic, pipe):
    """A member in a process of its own, to be killed."""
    adapter = __import__(f"adapter_{client_name.replace('-', '_')}").Client(bootstrap)
    member = adapter.member(group, [topic], session_ms=SESSION_MS)
    told = None
    while True:
        member.poll(0.1)
        if member.assigned() != told:
            told = member.assigned()
            pipe.send(told)


@case(seconds=60)
def group_killed_member(c):
    """The partitions of a member killed without a word move after its session timeout, not before."""
    topic, group = c.topic(4), c.name("g")
    mine, its = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.Process(target=doomed, args=(c.client.name, c.bootstrap, group, topic, its))
    process.start()
    survivor = Worker(c, group, topic)

    def shared():
        return len(survivor.member.assigned()) == 2 and mine.poll(0.1) and len(mine.recv()) == 2

    until(shared, "both members share the partitions", 25)
    os.kill(process.pid, signal.SIGKILL)
    killed = time.monotonic()
    until(lambda: spread([survivor], 4), "the survivor owns all", 25)
    took = time.monotonic() - killed
    expect(SESSION_MS / 1000 - 1.5 < took < SESSION_MS / 1000 + 6, f"took {took:.1f} s, session {SESSION_MS} ms")
    survivor.stop()
    check_workers([survivor])


@case(seconds=45)
def group_commit_and_go_on(c):
    """A committed offset is answered, and the group's next member goes on there."""
    topic, group = c.topic(2), c.name("g")
    c.client.produce(topic, numbered(20, 2))
    member = c.client.member(group, [topic], committing=False)
    until(lambda: member.poll(0.2) and len(member.assigned()) == 2, "the member reads")
    expect_equal(member.committed([(topic, 0), (topic, 1)]), {}, "before any commit")
    member.commit({(topic, 0): 4, (topic, 1): 10})
    expect_equal(member.committed([(topic, 0), (topic, 1)]), {(topic, 0): 4, (topic, 1): 10}, "after the commit")
    member.close()
    successor = c.closes(c.client.member(group, [topic], committing=False))
    records = until(lambda: successor.poll(0.2), "the successor reads")
    expect_equal((records[0][1].partition, records[0][1].offset), (0, 4), "first record of the successor")


@case(seconds=45)
def group_offset_reset(c):
    """A group without offsets starts at the end with `latest`, at the beginning with `earliest`."""
    topic = c.topic()
    c.client.produce(topic, numbered(5))
    for reset, wanted in (("earliest", b"0"), ("latest", b"5")):
        member = c.client.member(c.name("g"), [topic], reset=reset)
        got = []
        until(lambda: got.extend(member.poll(0.1)) or member.assigned(), "assigned", 20)
        for _ in range(5):
            got += member.poll(0.1)
        if reset == "latest":
            expect_equal(got, [], "records before any was produced")
            c.client.produce(topic, numbered(1, first=5))
        until(lambda: got.extend(member.poll(0.1)) or got, "records")
        expect_equal(got[0][1].value, wanted, f"first record, {reset}")
        member.close()


@case(seconds=45)
def group_offset_out_of_range(c):
    """A committed offset that was deleted since is out of range; the member resets to the earliest record there is."""
    topic, group = c.topic(), c.name("g")
    c.client.produce(topic, numbered(20))
    member = c.client.member(group, [topic], committing=False)
    until(lambda: member.poll(0.2), "the member reads")
    member.commit({(topic, 0): 3})
    member.close()
    connection = c.wire()
    connection.call("DeleteRecords", 1, timeout_ms=10000, topics=[dict(
        name=topic, partitions=[dict(partition_index=0, offset=12)])])
    successor = c.closes(c.client.member(group, [topic], committing=False))
    records = until(lambda: successor.poll(0.2), "the successor reads", 20)
    expect_equal(records[0][1].offset, 12, "first offset")


@case(seconds=45)
def group_two_groups_read_alike(c):
    """Groups do not disturb each other: both read everything."""
    topic = c.topic(2)
    c.client.produce(topic, numbered(100, 2))
    workers = [Worker(c, c.name("g"), topic) for _ in range(2)]
    for worker in workers:
        until(lambda: len(set(worker.seen)) == 100, "a group reads everything", 20)
        worker.stop()
    check_workers(workers)


@case(clients=("kafka-python",))  # librdkafka aborts the process by itself
def group_empty_name_is_invalid(c):
    """A group whose name is empty is refused."""

    def join():
        member = c.client.member("", [c.topic()])
        until(lambda: member.poll(0.2) or member.assigned(), "assigned", 5)

    expect_error(("INVALID_GROUP_ID", "_INVALID_ARG", "_UNKNOWN_GROUP", "InvalidGroupIdError"), join, "joining")
