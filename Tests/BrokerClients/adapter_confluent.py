"""confluent-kafka (librdkafka) behind the vocabulary the cases share."""

import importlib
import logging
import threading
import time

import confluent_kafka as ck
from confluent_kafka import admin as ck_admin

from cases import ClientError, Record, Security

SILENT = logging.getLogger("busbar.silent")
SILENT.addHandler(logging.NullHandler())
SILENT.propagate = False


def _raise(error):
    """librdkafka's names are Kafka's, but for its own errors, which begin with an underscore."""
    names = {"_FENCED": "PRODUCER_FENCED", "TOPIC_EXCEPTION": "INVALID_TOPIC_EXCEPTION",
             "UNKNOWN_TOPIC_OR_PART": "UNKNOWN_TOPIC_OR_PARTITION", "MSG_SIZE_TOO_LARGE": "MESSAGE_TOO_LARGE"}
    name = error.name()
    raise ClientError(names.get(name, name), error.str())


def _guarded(function, *arguments, **options):
    try:
        return function(*arguments, **options)
    except ck.KafkaException as exception:
        _raise(exception.args[0])


def _quiet(_error):
    """Connection errors are retried by librdkafka; what matters reaches the case through reports and returns."""


class Client:
    name = "confluent"
    codecs = ("none", "gzip", "snappy", "lz4", "zstd")

    def __init__(self, bootstrap, security=Security()):
        self.bootstrap, self.security = bootstrap, security

    def settings(self, bootstrap=None, **more):
        common = {"bootstrap.servers": bootstrap or self.bootstrap, "error_cb": _quiet, "logger": SILENT,
                  "broker.address.family": "v4", "reconnect.backoff.max.ms": 500} | properties(self.security)
        if self.security.token:
            common["oauth_cb"] = lambda _configuration: self.security.token()
        return common | {key.replace("_", "."): value for key, value in more.items() if value is not None}

    def produce(self, topic, records, codec="none", idempotent=False, linger_ms=20, batch_bytes=100_000,
                max_bytes=20_000_000, acks="all", bootstrap=None, timeout_ms=20_000):
        """Produces in order and returns (partition, offset) for each record. Raises the first delivery's error."""
        producer = ck.Producer(self.settings(
            bootstrap, compression_codec=codec, enable_idempotence=idempotent, linger_ms=linger_ms,
            batch_size=batch_bytes, message_max_bytes=max_bytes, acks=acks, message_timeout_ms=timeout_ms,
            allow_auto_create_topics="false", topic_metadata_propagation_max_ms=1000, socket_timeout_ms=5000))
        return _send_all(producer, topic, records)

    def read(self, topic, count, partition=0, start=0, isolation="read_uncommitted", settle=0.4, seconds=20,
             bootstrap=None, partition_bytes=None, fetch_bytes=None):
        """Reads `count` records from `start`, and then for `settle` seconds whatever else comes."""
        consumer = ck.Consumer(self.settings(
            bootstrap, group_id="unused", enable_auto_commit=False, isolation_level=isolation,
            max_partition_fetch_bytes=partition_bytes, fetch_max_bytes=fetch_bytes, fetch_wait_max_ms=100,
            message_max_bytes=min(1000, fetch_bytes) if fetch_bytes else None,
            receive_message_max_bytes=100_000_000, auto_offset_reset="error"))
        found = []
        try:
            consumer.assign([ck.TopicPartition(topic, partition, start)])
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                if len(found) >= count:
                    deadline = min(deadline, time.monotonic() + settle)
                    count = 1 << 60
                found += map(_record, consumer.consume(500, 0.1))
        finally:
            consumer.close()
        return found

    def offset_for_time(self, topic, timestamp, partition=0):
        """The first offset at or after `timestamp`; None when there is none."""
        consumer = ck.Consumer(self.settings(group_id="unused"))
        try:
            asked = [ck.TopicPartition(topic, partition, timestamp)]
            found = _guarded(consumer.offsets_for_times, asked, timeout=10)[0].offset
            return found if found >= 0 else None
        finally:
            consumer.close()

    def watermarks(self, topic, partition=0):
        consumer = ck.Consumer(self.settings(group_id="unused"))
        try:
            return _guarded(consumer.get_watermark_offsets, ck.TopicPartition(topic, partition), timeout=10)
        finally:
            consumer.close()

    def refusal(self, seconds=6):
        """The error that a client which cannot come in reports; None when it can."""
        errors = []
        admin = ck_admin.AdminClient(self.settings() | {"error_cb": errors.append})
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                admin.list_topics(timeout=0.5)
                return None
            except ck.KafkaException:
                admin.poll(0)
            for error in errors:
                if error.name() in ("_AUTHENTICATION", "_SSL", "_UNSUPPORTED_FEATURE"):
                    return error.name()
        return f"nothing but {sorted({error.name() for error in errors})}"

    def transactional(self, transactional_id, timeout_ms=30_000, bootstrap=None):
        return Transactional(self, transactional_id, timeout_ms, bootstrap)

    def member(self, group, topics, **options):
        return Member(self, group, topics, **options)

    def admin(self):
        return Admin(self)

    def administration(self):
        """Of rules and users."""
        return importlib.import_module("rules_confluent").Administration(self)

    def close(self):
        """Nothing is kept open between calls."""


def properties(security):
    """librdkafka's properties of it, for confluent-kafka and kcat."""
    named = {"security.protocol": security.protocol, "sasl.mechanism": security.mechanism,
             "sasl.username": security.user, "sasl.password": security.password, "ssl.ca.location": security.authority,
             "ssl.certificate.location": security.certificate, "ssl.key.location": security.key}
    return {name: value for name, value in named.items() if value is not None}


def _record(message):
    if message.error():
        _raise(message.error())
    return Record(message.value(), message.key(), tuple(message.headers() or ()), message.timestamp()[1],
                  message.partition(), message.offset())


def _send_all(producer, topic, records):
    reports = [None] * len(records)

    def reporter(index):
        def report(error, message):
            reports[index] = error or (message.partition(), message.offset())
        return report

    for index, record in enumerate(records):
        options = {} if record.timestamp is None else {"timestamp": record.timestamp}
        while True:
            try:
                producer.produce(topic, record.value, record.key, record.partition, on_delivery=reporter(index),
                                 headers=list(record.headers) or None, **options)
                break
            except BufferError:
                producer.poll(0.05)
            except ck.KafkaException as exception:
                _raise(exception.args[0])
    _guarded(producer.flush, 30)
    for report in reports:
        if report is None:
            raise ClientError("NO_REPORT", "no delivery report within 30 s")
        if isinstance(report, ck.KafkaError):
            _raise(report)
    return reports


class Transactional:
    def __init__(self, client, transactional_id, timeout_ms, bootstrap=None):
        self.producer = ck.Producer(client.settings(
            bootstrap, transactional_id=transactional_id, transaction_timeout_ms=timeout_ms, linger_ms=5,
            message_timeout_ms=timeout_ms))

    def init(self):
        _guarded(self.producer.init_transactions, 15)

    def begin(self):
        _guarded(self.producer.begin_transaction)

    def send(self, topic, values, partition=0):
        """Sends and waits for the acknowledgements."""
        return _send_all(self.producer, topic, [Record(value, partition=partition) for value in values])

    def send_offsets(self, offsets, group_metadata):
        """`offsets`: (topic, partition) → next offset. `group_metadata`: what a member's `metadata()` gave."""
        listed = [ck.TopicPartition(topic, partition, offset) for (topic, partition), offset in offsets.items()]
        _guarded(self.producer.send_offsets_to_transaction, listed, group_metadata, 10)

    def commit(self):
        _guarded(self.producer.commit_transaction, 15)

    def abort(self):
        _guarded(self.producer.abort_transaction, 15)

    def close(self):
        self.producer.purge()
        self.producer.flush(1)


class Member:
    """A group member with its own poll thread where asked; `events` lists (time, what, partitions)."""

    def __init__(self, client, group, topics, instance_id=None, assignor="range", session_ms=6000, heartbeat_ms=200,
                 reset="earliest", committing=True):
        self.events = []
        self.owned = set()
        self.lock = threading.Lock()
        self.cooperative = assignor.startswith("cooperative")
        self.consumer = ck.Consumer(client.settings(
            group_id=group, group_instance_id=instance_id, partition_assignment_strategy=assignor,
            session_timeout_ms=session_ms, heartbeat_interval_ms=heartbeat_ms, auto_offset_reset=reset,
            enable_auto_commit=False, fetch_wait_max_ms=100, max_poll_interval_ms=60_000))
        self.dirty = False
        self.committing = committing
        self.consumer.subscribe(topics, on_assign=self._assigned, on_revoke=self._revoked, on_lost=self._lost)

    def _note(self, what, partitions):
        keys = frozenset((p.topic, p.partition) for p in partitions)
        with self.lock:
            self.events.append((time.monotonic(), what, keys))
            kept = self.owned if self.cooperative and what == "assigned" else set()
            self.owned = kept | keys if what == "assigned" else self.owned - keys

    def _assigned(self, _consumer, partitions):
        self._note("assigned", partitions)

    def _revoked(self, _consumer, partitions):
        if self.committing and partitions:
            self.dirty = True  # a record may have been handed out since the last poll returned
            self.commit()
        self._note("revoked", partitions)

    def _lost(self, _consumer, partitions):
        self._note("lost", partitions)

    def poll(self, seconds):
        """The next records, at most a hundred; raises the group's errors."""
        first = self.consumer.poll(seconds)  # consume() alone would wait for all hundred
        messages = [first, *self.consumer.consume(99, 0)] if first else []
        records = [(m.topic(), _record(m)) for m in messages]
        self.dirty = self.dirty or bool(records)
        return records

    def commit(self, offsets=None):
        """Commits the given offsets, or everything read; a generation that has passed is the next member's business."""
        if offsets is not None:
            listed = [ck.TopicPartition(t, p, o) for (t, p), o in offsets.items()]
            result = _guarded(self.consumer.commit, offsets=listed, asynchronous=False)
            for partition in result or []:
                if partition.error:
                    _raise(partition.error)
        elif self.dirty:
            try:
                _guarded(self.consumer.commit, asynchronous=False)
                self.dirty = False
            except ClientError as error:
                if error.name not in ("_NO_OFFSET", "ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID",
                                      "REBALANCE_IN_PROGRESS", "_ASSIGNMENT_LOST"):
                    raise

    def committed(self, partitions):
        listed = [ck.TopicPartition(*p) for p in partitions]
        found = _guarded(self.consumer.committed, listed, timeout=10)
        return {(p.topic, p.partition): p.offset for p in found if p.offset >= 0}

    def assigned(self):
        with self.lock:
            return set(self.owned)

    def metadata(self):
        return self.consumer.consumer_group_metadata()

    def close(self):
        if self.committing:
            self.commit()
        if self.cooperative:
            self._let_go()
        self.consumer.close()
        with self.lock:
            self.owned = set()


    def _let_go(self, seconds=5):
        """Gives its partitions back before it closes: closing within a cooperative assignment aborts the process
        (librdkafka issue 4792)."""
        self.consumer.unsubscribe()
        deadline = time.monotonic() + seconds
        while self.assigned() and time.monotonic() < deadline:
            self.consumer.poll(0.05)


class Admin:
    def __init__(self, client):
        self.admin = ck_admin.AdminClient(client.settings())

    def close(self):
        """librdkafka's handle goes with the object."""

    def _one(self, futures):
        (future,) = futures.values()
        return _guarded(future.result, 15)

    def create_topic(self, name, partitions=1, replication=1, **configuration):
        topic = ck_admin.NewTopic(name, partitions, replication, config=configuration)
        self._one(_guarded(self.admin.create_topics, [topic], operation_timeout=10))

    def delete_topic(self, name):
        self._one(self.admin.delete_topics([name], operation_timeout=10))

    def topics(self):
        found = _guarded(self.admin.list_topics, timeout=10).topics
        return {name: len(topic.partitions) for name, topic in found.items()}

    def add_partitions(self, name, total):
        self._one(self.admin.create_partitions([ck_admin.NewPartitions(name, total)]))

    def configuration(self, topic):
        resource = ck_admin.ConfigResource(ck_admin.ResourceType.TOPIC, topic)
        return {key: entry.value for key, entry in self._one(self.admin.describe_configs([resource])).items()}

    def configure(self, topic, name, value):
        """Sets one key and leaves the others; `value` None goes back to the default."""
        operation = ck_admin.AlterConfigOpType
        entry = ck_admin.ConfigEntry(name, value, incremental_operation=(
            operation.DELETE if value is None else operation.SET))
        resource = ck_admin.ConfigResource(ck_admin.ResourceType.TOPIC, topic, incremental_configs=[entry])
        self._one(self.admin.incremental_alter_configs([resource]))

    def delete_records(self, topic, before, partition=0):
        """Returns the new low watermark."""
        return self._one(self.admin.delete_records([ck.TopicPartition(topic, partition, before)])).low_watermark

    def groups(self):
        """Group id → state, lower case."""
        found = _guarded(self.admin.list_consumer_groups(request_timeout=10).result, 15)
        return {group.group_id: group.state.name.lower() for group in found.valid}

    def group(self, name):
        """(state, {member id: set of (topic, partition)})"""
        found = self._one(self.admin.describe_consumer_groups([name], request_timeout=10))
        members = {m.member_id: {(p.topic, p.partition) for p in m.assignment.topic_partitions}
                   for m in found.members}
        return found.state.name.lower(), members

    def delete_group(self, name):
        self._one(self.admin.delete_consumer_groups([name], request_timeout=10))

    def group_offsets(self, name):
        found = self._one(self.admin.list_consumer_group_offsets([ck.ConsumerGroupTopicPartitions(name)]))
        return {(p.topic, p.partition): p.offset for p in found.topic_partitions if p.offset >= 0}

    def set_group_offsets(self, name, offsets):
        listed = [ck.TopicPartition(t, p, o) for (t, p), o in offsets.items()]
        found = self._one(self.admin.alter_consumer_group_offsets([ck.ConsumerGroupTopicPartitions(name, listed)]))
        for partition in found.topic_partitions:
            if partition.error:
                _raise(partition.error)

    def cluster(self):
        """Ids of the nodes."""
        return {node.id for node in _guarded(self.admin.describe_cluster(request_timeout=10).result, 15).nodes}
