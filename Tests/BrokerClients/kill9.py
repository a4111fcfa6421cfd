#!/usr/bin/env python3
"""Kills a broker with SIGKILL at random points under load, again and again, and then looks for what it broke.

    kill9.py --bootstrap 127.0.0.1:9092 --rounds 200 --seed 7 -- busbar-broker --data-dir /tmp/d --listen 127.0.0.1:9092

The same clients live through all rounds: two idempotent producers, one transactional one that commits group offsets in
its transactions and aborts some of them, and one that commits plain group offsets; all with acks=all. Then:
every acknowledged record is where it was said to be, once, and in order per partition; committed offsets never go back
and are what was committed last; each transaction is there whole or not at all, as it was told; no transaction hangs.
Prints one line per round with --verbose, what is wrong as `FAIL …`, a summary, and the seed. Exit code 1 when anything is wrong.
"""

import argparse
import collections
import logging
import random
import signal
import sys
import threading
import time

import confluent_kafka as ck

from adapter_confluent import SILENT
from broker import Broker
import wire

PARTITIONS, TX_RECORDS, GROUP, TX_GROUP = 3, 4, "kill9", "kill9-tx"


def settings(bootstrap, **more):
    common = {"bootstrap.servers": bootstrap, "broker.address.family": "v4", "logger": SILENT,
              "error_cb": lambda _: None, "reconnect.backoff.ms": 50, "reconnect.backoff.max.ms": 200,
              "socket.timeout.ms": 10_000, "retry.backoff.ms": 50,
              # librdkafka 2.16 otherwise drops its only broker when that dies ("Starting re-bootstrap sequence"), and a
              # transactional producer then hangs in its main thread for good.
              "metadata.recovery.strategy": "none"}
    return common | {key.replace("_", "."): value for key, value in more.items()}


class Load(threading.Thread):
    """Something that goes on until `stop`; what goes wrong for good is in `failures`. `told()` counts what the broker has
    answered."""

    def __init__(self, name):
        super().__init__(name=name, daemon=True)
        self.stop = threading.Event()
        self.failures = []
        self.doing = ""

    def run(self):
        try:
            self.work()
        except Exception as failure:  # Reported with everything else that is wrong.
            self.failures.append(f"{self.name}: {failure!r}")


class Idempotent(Load):
    """Numbers its records; `acknowledged[number]` is the (partition, offset) that was answered."""

    def __init__(self, bootstrap, topic, number, rate):
        super().__init__(f"idempotent-{number}")
        self.topic, self.number, self.rate = topic, number, rate
        self.sent, self.acknowledged = 0, {}
        self.producer = ck.Producer(settings(bootstrap, enable_idempotence=True, acks="all", linger_ms=2,
                                             message_timeout_ms=300_000, compression_type="lz4"))

    def told(self):
        return len(self.acknowledged)

    def report(self, sequence):
        def reported(error, message):
            if error:
                self.failures.append(f"{self.name}: record {sequence} failed for good: {error}")
            else:
                self.acknowledged[sequence] = (message.partition(), message.offset())
        return reported

    def work(self):
        while not self.stop.is_set() and len(self.failures) < 10:
            if self.sent - len(self.acknowledged) < 2000:
                value = b"%d:%d" % (self.number, self.sent)
                self.producer.produce(self.topic, value, b"k", self.sent % PARTITIONS, on_delivery=self.report(self.sent))
                self.sent += 1
            self.producer.poll(0)
            time.sleep(1 / self.rate)
        self.producer.flush(120)


class Transactional(Load):
    """Numbers its transactions; `outcome[number]` is `committed`, `aborted`, or `unknown` when nobody was told."""

    def __init__(self, bootstrap, topic, source, seed, logger=None):
        super().__init__("transactional")
        self.bootstrap, self.topic, self.source = bootstrap, topic, source
        self.random = random.Random(seed)
        self.outcome, self.renewed, self.logger = {}, 0, logger
        self.group = ck.Consumer(settings(bootstrap, group_id=TX_GROUP))

    def told(self):
        return sum(outcome != "unknown" for outcome in list(self.outcome.values()))

    def renew(self):
        self.renewed += 1
        more = {"debug": "eos,protocol,broker", "logger": self.logger} if self.logger else {}
        self.producer = ck.Producer(settings(self.bootstrap, transactional_id="kill9-tx", linger_ms=1,
                                             transaction_timeout_ms=60_000) | more)
        self.patiently(self.producer.init_transactions, 10)

    def patiently(self, call, *arguments):
        """Repeats what may be repeated, for as long as a broker may be away."""
        deadline = time.monotonic() + 120
        while True:
            self.doing = getattr(call, "__name__", str(call))
            try:
                return call(*arguments)
            except ck.KafkaException as failure:
                self.doing += f" (before: {failure.args[0]})"
                if not failure.args[0].retriable() or time.monotonic() > deadline:
                    raise

    def work(self):
        self.renew()
        number = 0
        while not self.stop.is_set():
            self.outcome[number] = "unknown"
            try:
                self.outcome[number] = self.transaction(number)
            except ck.KafkaException as failure:
                self.recover(number, failure.args[0])
            number += 1

    def transaction(self, number):
        kept = self.random.random() > 0.25
        self.producer.begin_transaction()
        for index in range(TX_RECORDS):
            self.producer.produce(self.topic, b"%d:%d" % (number, index), b"k", index % PARTITIONS)
        offsets = [ck.TopicPartition(self.source, 0, number + 1)]
        self.patiently(self.producer.send_offsets_to_transaction, offsets, self.group.consumer_group_metadata(), 10)
        self.patiently(self.producer.commit_transaction if kept else self.producer.abort_transaction, 10)
        return "committed" if kept else "aborted"

    def recover(self, number, error):
        if error.txn_requires_abort():
            self.patiently(self.producer.abort_transaction, 10)
            self.outcome[number] = "aborted"
        else:
            self.renew()


class Committer(Load):
    """Commits growing offsets of a group without members; `acknowledged` is the last one that was answered."""

    def __init__(self, bootstrap, source):
        super().__init__("committer")
        self.source, self.attempted, self.acknowledged = source, 0, 0
        self.consumer = ck.Consumer(settings(bootstrap, group_id=GROUP, enable_auto_commit=False))

    def told(self):
        return self.acknowledged

    def work(self):
        while not self.stop.is_set():
            self.attempted += 1
            try:
                found = self.consumer.commit(offsets=[ck.TopicPartition(self.source, 0, self.attempted)], asynchronous=False)
                if found[0].error is None:
                    self.acknowledged = self.attempted
            except ck.KafkaException:
                time.sleep(0.05)  # Not acknowledged: nothing is promised of this one.
            time.sleep(0.002)


def committed(bootstrap, group, topic):
    """The group's offset by the raw protocol, waiting while the coordinator loads."""
    deadline = time.monotonic() + 30
    while True:
        with wire.Connection(bootstrap) as connection:
            answer = connection.call("OffsetFetch", 5, group_id=group, topics=[dict(name=topic, partition_indexes=[0])])
        found = answer.topics[0].partitions[0] if answer.topics else None
        if answer.error_code == 0 and found and found.error_code == 0:
            return found.committed_offset
        if time.monotonic() > deadline:
            raise RuntimeError(f"OffsetFetch of {group} still answers {wire.error_name(answer.error_code)} after 30 s")
        time.sleep(0.05)


def read_all(bootstrap, topic, partition, isolation):
    """[(offset, value)] of a partition, in the order it is served."""
    with wire.Connection(bootstrap) as connection:
        end = connection.list_offset(topic, partition, -1, isolation)
        position, found = 0, []
        while position < end:
            part = wire.check(connection.fetch(topic, partition, position, partition_bytes=1 << 20, isolation=isolation),
                              f"fetch {topic}/{partition} at {position}")
            aborted = sorted(((a.first_offset, a.producer_id) for a in part.aborted_transactions or []))
            position = take(wire.batches(part.records), aborted, position, found)
        return found


def take(batches, aborted, position, found):
    """Appends the records of committed batches to `found`, as a client filters them; returns the next position."""
    if not batches:
        raise RuntimeError(f"nothing is served at offset {position} although the end is beyond it")
    open_aborts = set()
    for batch in batches:
        while aborted and aborted[0][0] <= batch.last_offset:
            open_aborts.add(aborted.pop(0)[1])
        if batch.is_control_batch:
            open_aborts.discard(batch.producer_id)
        elif not (batch.is_transactional and batch.producer_id in open_aborts):
            found += [(record.offset, bytes(record.value)) for record in batch if record.offset >= position]
        position = batch.next_offset
    return position


def check_idempotent(load, stored, wrong):
    """`stored[partition]` is [(offset, value)]."""
    prefix = b"%d:" % load.number
    places = collections.defaultdict(list)
    for partition, records in stored.items():
        numbers = []
        for offset, value in records:
            if value.startswith(prefix):
                numbers.append(int(value.split(b":")[1]))
                places[numbers[-1]].append((partition, offset))
        if numbers != sorted(numbers):
            at = next(i for i, (a, b) in enumerate(zip(numbers, numbers[1:])) if b <= a)
            wrong(f"{load.name}: partition {partition} is out of order: … {numbers[max(0, at - 2):at + 4]} …")
    for sequence, place in load.acknowledged.items():
        if places.get(sequence) != [place]:
            wrong(f"{load.name}: record {sequence} was acknowledged at {place} and is at {places.get(sequence)}")
    for sequence in set(places) - set(load.acknowledged):
        if len(places[sequence]) > 1:
            wrong(f"{load.name}: record {sequence} is there {len(places[sequence])} times")


def check_transactions(load, stored, offset, wrong):
    seen = collections.Counter()
    for records in stored.values():
        for _, value in records:
            seen[value] += 1
    last = -1
    for number, outcome in load.outcome.items():
        counts = [seen[b"%d:%d" % (number, index)] for index in range(TX_RECORDS)]
        there = counts == [1] * TX_RECORDS
        if not there and any(counts):
            wrong(f"transaction {number} ({outcome}) is there in part: {counts}")
        elif there != (outcome == "committed") and outcome != "unknown":
            wrong(f"transaction {number} was {outcome} and its records are {'there' if there else 'not there'}")
        last = number if there else last
    if offset != last + 1 and not (last == -1 and offset == -1):
        wrong(f"the last transaction that is there is {last}, and the offset that it committed is {offset}")


def debug_log(path):
    if path is None:
        return None
    logger = logging.getLogger("kill9.transactional")
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.addHandler(logging.FileHandler(path))
    logger.handlers[0].setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    return logger


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap", default="127.0.0.1:9092", metavar="HOST:PORT")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--rate", type=int, default=300, help="records a second of each idempotent producer")
    parser.add_argument("--shortest", type=float, default=0.2, help="seconds from a start to the earliest kill")
    parser.add_argument("--longest", type=float, default=2.0, help="seconds from a start to the latest kill")
    parser.add_argument("--signal", default="KILL", help="what to send instead of KILL, such as TERM")
    parser.add_argument("--log", metavar="FILE", help="where the broker's output goes")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--debug", metavar="FILE", help="where librdkafka's log of the transactional producer goes")
    parser.add_argument("command", nargs="+", help="the broker's command line, after --")
    return parser.parse_args()


def kill_and_restart(options, broker, chance, committer, source, wrong):
    how = signal.Signals[f"SIG{options.signal}"]
    starts, before = [], 0
    for number in range(1, options.rounds + 1):
        time.sleep(chance.uniform(options.shortest, options.longest))
        promised = committer.acknowledged
        broker.end(how)
        starts.append(broker.start())
        found = committed(options.bootstrap, GROUP, source)
        if found < max(before, promised):
            wrong(f"round {number}: the committed offset went back to {found}; {max(before, promised)} was promised or seen")
        before = found
        if options.verbose:
            print(f"round {number}: up after {starts[-1]:.2f} s, committed {found}", flush=True)
    return starts


def main():
    options = arguments()
    chance, wrongs = random.Random(options.seed), []

    def wrong(text):
        wrongs.append(text)
        if len(wrongs) <= 50:
            print(f"FAIL {text}", flush=True)

    broker = Broker(" ".join(options.command), options.bootstrap, options.log)
    broker.start()
    try:
        with wire.Connection(options.bootstrap) as connection:
            for name, partitions in (("idempotent", PARTITIONS), ("transactional", PARTITIONS), ("source", 1)):
                connection.create_topic(f"kill9-{options.seed}-{name}", partitions)
        plain, output, source = (f"kill9-{options.seed}-{n}" for n in ("idempotent", "transactional", "source"))
        producers = [Idempotent(options.bootstrap, plain, number, options.rate) for number in range(2)]
        transactional = Transactional(options.bootstrap, output, source, options.seed, debug_log(options.debug))
        committer = Committer(options.bootstrap, source)
        loads = [*producers, transactional, committer]
        for load in loads:
            load.start()
        starts = kill_and_restart(options, broker, chance, committer, source, wrong)
        for load in loads:
            went_on(load, wrong)
        for load in loads:
            load.stop.set()
        for load in loads:
            load.join(60)
            if load.is_alive():
                wrong(f"{load.name} does not end, in {load.doing or 'its work'}")
            for failure in load.failures:
                wrong(failure)
        verify(options, producers, transactional, committer, plain, output, source, wrong)
    finally:
        broker.end()
    outcomes = collections.Counter(transactional.outcome.values())
    print(f"{options.rounds} rounds, {sum(len(p.acknowledged) for p in producers)} records acknowledged, transactions: "
          f"{dict(outcomes)} with {transactional.renewed} producers, {committer.acknowledged} offsets committed, "
          f"start {sum(starts) / max(1, len(starts)):.2f} s on average, {max(starts, default=0):.2f} s at most")
    print(f"seed {options.seed}: {len(wrongs)} wrong" if wrongs else f"seed {options.seed}: ok")
    return 1 if wrongs else 0


def went_on(load, wrong, seconds=60):
    """Waits until the load has been told of something since the last start."""
    before, deadline = load.told(), time.monotonic() + seconds
    while load.told() == before and load.is_alive():
        if time.monotonic() > deadline:
            return wrong(f"{load.name} was told of nothing within {seconds} s of the last start, in {load.doing or 'its work'}")
        time.sleep(0.02)


def verify(options, producers, transactional, committer, plain, output, source, wrong):
    stored = {p: read_all(options.bootstrap, plain, p, 0) for p in range(PARTITIONS)}
    for load in producers:
        check_idempotent(load, stored, wrong)
        for lost in range(load.sent):
            if lost not in load.acknowledged:
                wrong(f"{load.name}: record {lost} was never answered")
                break
    last = committed(options.bootstrap, GROUP, source)
    if not committer.acknowledged <= last <= committer.attempted:
        wrong(f"the group's offset is {last}, acknowledged {committer.acknowledged}, attempted {committer.attempted}")
    with wire.Connection(options.bootstrap) as connection:
        for partition in range(PARTITIONS):
            ends = [connection.list_offset(output, partition, -1, isolation) for isolation in (0, 1)]
            if ends[0] != ends[1]:
                wrong(f"a transaction hangs in partition {partition}: high watermark {ends[0]}, last stable offset {ends[1]}")
    stored = {p: read_all(options.bootstrap, output, p, 1) for p in range(PARTITIONS)}
    check_transactions(transactional, stored, committed(options.bootstrap, TX_GROUP, source), wrong)


if __name__ == "__main__":
    sys.exit(main())
