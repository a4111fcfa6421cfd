"""kafka-python behind the vocabulary the cases share."""

import importlib
import logging
import re
import threading
import time

import kafka
import kafka.errors
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.coordinator.assignors.range import RangePartitionAssignor
from kafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from kafka.net.sasl.oauth import AbstractTokenProvider
from kafka.structs import OffsetAndMetadata, TopicPartition

from cases import ClientError, Record, Security, Unsupported

logging.getLogger("kafka").setLevel(logging.CRITICAL)

ASSIGNORS = {"range": RangePartitionAssignor, "roundrobin": RoundRobinPartitionAssignor,
             "cooperative-sticky": CooperativeStickyAssignor}


def named(error):
    """The error under Kafka's name: its class's `message` where the protocol has it, else the class."""
    own = {"CommitFailedError": "COMMIT_FAILED", "MessageSizeTooLargeError": "MESSAGE_TOO_LARGE",
           "RecordTooLargeError": "MESSAGE_TOO_LARGE", "ProducerFenced": "PRODUCER_FENCED"}
    kind = type(error)
    name = own.get(kind.__name__) or getattr(kind, "message", None) or kind.__name__
    names = {"MESSAGE_SIZE_TOO_LARGE": "MESSAGE_TOO_LARGE", "TOPIC_EXCEPTION": "INVALID_TOPIC_EXCEPTION",
             "INVALID_TOPIC": "INVALID_TOPIC_EXCEPTION"}
    return ClientError(names.get(name, name), str(error))


def _guarded(function, *arguments, **options):
    try:
        return function(*arguments, **options)
    except kafka.errors.KafkaError as error:
        raise named(error) from error


def _record(message):
    return Record(message.value, message.key, tuple(message.headers), message.timestamp, message.partition,
                  message.offset)


class Tokens(AbstractTokenProvider):
    def __init__(self, give):
        super().__init__()
        self.give = give

    def token(self):
        return self.give()[0]


class Client:
    name = "kafka-python"
    codecs = ("none", "gzip", "snappy", "lz4", "zstd")

    def __init__(self, bootstrap, security=Security()):
        self.bootstrap, self.security = bootstrap, security

    def settings(self, bootstrap=None, **more):
        common = dict(bootstrap_servers=bootstrap or self.bootstrap, reconnect_backoff_max_ms=500)
        common |= dict(security_protocol=self.security.protocol, sasl_mechanism=self.security.mechanism,
                       sasl_plain_username=self.security.user, sasl_plain_password=self.security.password,
                       ssl_cafile=self.security.authority, ssl_certfile=self.security.certificate,
                       ssl_keyfile=self.security.key)
        if self.security.token:
            common["sasl_oauth_token_provider"] = Tokens(self.security.token)
        return common | {key: value for key, value in more.items() if value is not None}

    def produce(self, topic, records, codec="none", idempotent=False, linger_ms=20, batch_bytes=100_000,
                max_bytes=20_000_000, acks="all", bootstrap=None, timeout_ms=20_000):
        for record in records:
            if record.key is None and record.value is None:
                raise Unsupported("kafka-python refuses a record without key and value")
            if any(value is None for _, value in record.headers):
                raise Unsupported("kafka-python refuses header values that are null")
        producer = _guarded(kafka.KafkaProducer, **self.settings(
            bootstrap, compression_type=None if codec == "none" else codec, enable_idempotence=idempotent,
            linger_ms=linger_ms, batch_size=batch_bytes, max_request_size=max_bytes, acks=acks,
            delivery_timeout_ms=timeout_ms, request_timeout_ms=min(5000, timeout_ms // 2), max_block_ms=5000,
            allow_auto_create_topics=False))
        try:
            return _send_all(producer, topic, records)
        finally:
            producer.close(timeout=5)

    def consumer(self, **options):
        return kafka.KafkaConsumer(**self.settings(**options))

    def read(self, topic, count, partition=0, start=0, isolation="read_uncommitted", settle=0.4, seconds=20,
             bootstrap=None, partition_bytes=None, fetch_bytes=None):
        consumer = self.consumer(
            bootstrap=bootstrap, isolation_level=isolation, max_partition_fetch_bytes=partition_bytes,
            fetch_max_bytes=fetch_bytes, fetch_max_wait_ms=100, auto_offset_reset="none", enable_auto_commit=False)
        found = []
        try:
            at = TopicPartition(topic, partition)
            consumer.assign([at])
            consumer.seek(at, start)
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                if len(found) >= count:
                    deadline = min(deadline, time.monotonic() + settle)
                    count = 1 << 60
                found += map(_record, _guarded(consumer.poll, 100).get(at, []))
        finally:
            consumer.close()
        return found

    def offset_for_time(self, topic, timestamp, partition=0):
        consumer = self.consumer()
        try:
            at = TopicPartition(topic, partition)
            found = _guarded(consumer.offsets_for_times, {at: timestamp})[at]
            return found.offset if found else None
        finally:
            consumer.close()

    def watermarks(self, topic, partition=0):
        consumer = self.consumer()
        try:
            at = TopicPartition(topic, partition)
            return (_guarded(consumer.beginning_offsets, [at])[at], _guarded(consumer.end_offsets, [at])[at])
        finally:
            consumer.close()

    def refusal(self):
        """The error that a client which cannot come in reports; None when it can."""
        told = Told()
        try:
            kafka.KafkaAdminClient(**self.settings(bootstrap_timeout_ms=3000)).close()
            return None
        except kafka.errors.KafkaError as error:
            return told.cause() or named(error).name
        finally:
            told.end()

    def transactional(self, transactional_id, timeout_ms=30_000, bootstrap=None):
        return Transactional(self, transactional_id, timeout_ms, bootstrap)

    def member(self, group, topics, **options):
        return Member(self, group, topics, **options)

    def admin(self):
        return Admin(self)

    def administration(self):
        """Of rules and users."""
        return importlib.import_module("rules_kafka_python").Administration(self)

    def close(self):
        """Nothing is kept open between calls."""


class Told(logging.Handler):
    """What kafka-python logs while it tries to come in: it gives up with KafkaTimeoutError, whatever the broker says."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []
        self.logger = logging.getLogger("kafka")
        self.logger.addHandler(self)
        self.logger.setLevel(logging.WARNING)
        self.logger.propagate = False

    def emit(self, record):
        self.lines.append(record.getMessage())

    def cause(self):
        known = ("SaslAuthenticationFailedError", "UnsupportedSaslMechanismError", "CERTIFICATE_VERIFY_FAILED")
        return next((name for name in known for line in self.lines if name in line), None)

    def end(self):
        self.logger.removeHandler(self)
        self.logger.setLevel(logging.CRITICAL)


def _send_all(producer, topic, records):
    futures = [_guarded(producer.send, topic, record.value, record.key, list(record.headers), record.partition,
                        record.timestamp) for record in records]
    _guarded(producer.flush, 30)
    reports = [_guarded(future.get, 30) for future in futures]
    return [(report.partition, report.offset) for report in reports]


class Transactional:
    def __init__(self, client, transactional_id, timeout_ms, bootstrap=None):
        self.producer = _guarded(kafka.KafkaProducer, **client.settings(
            bootstrap, transactional_id=transactional_id, transaction_timeout_ms=timeout_ms, linger_ms=5,
            request_timeout_ms=5000, delivery_timeout_ms=max(timeout_ms, 6000), max_block_ms=15000))

    def init(self):
        _guarded(self.producer.init_transactions)

    def begin(self):
        _guarded(self.producer.begin_transaction)

    def send(self, topic, values, partition=0):
        return _send_all(self.producer, topic, [Record(value, partition=partition) for value in values])

    def send_offsets(self, offsets, group_metadata):
        listed = {TopicPartition(*at): OffsetAndMetadata(offset, "", -1) for at, offset in offsets.items()}
        _guarded(self.producer.send_offsets_to_transaction, listed, group_metadata)

    def commit(self):
        _guarded(self.producer.commit_transaction)

    def abort(self):
        _guarded(self.producer.abort_transaction)

    def close(self):
        self.producer.close(timeout=2)


class Member(kafka.ConsumerRebalanceListener):
    def __init__(self, client, group, topics, instance_id=None, assignor="range", session_ms=6000, heartbeat_ms=200,
                 reset="earliest", committing=True):
        self.events = []
        self.owned = set()
        self.lock = threading.Lock()
        self.committing = committing
        self.cooperative = assignor.startswith("cooperative")
        self.consumer = client.consumer(
            group_id=group, group_instance_id=instance_id, partition_assignment_strategy=(ASSIGNORS[assignor],),
            session_timeout_ms=session_ms, heartbeat_interval_ms=heartbeat_ms, auto_offset_reset=reset,
            enable_auto_commit=False, fetch_max_wait_ms=100, max_poll_interval_ms=60_000)
        self.dirty = False
        self.consumer.subscribe(topics, listener=self)

    def _note(self, what, partitions):
        keys = frozenset((p.topic, p.partition) for p in partitions)
        with self.lock:
            self.events.append((time.monotonic(), what, keys))
            kept = self.owned if self.cooperative and what == "assigned" else set()
            self.owned = kept | keys if what == "assigned" else self.owned - keys

    def on_partitions_assigned(self, assigned):
        self._note("assigned", assigned)

    def on_partitions_revoked(self, revoked):
        if self.committing and revoked:
            self.commit()
        self._note("revoked", revoked)

    def on_partitions_lost(self, lost):
        self._note("lost", lost)

    def poll(self, seconds):
        # kafka-python 3.0.12 forgets an assignment whose SyncGroup answer comes as its poll times out, and then spins:
        # so a member that owns nothing polls for longer than a join takes.
        wait = seconds if self.owned else max(seconds, 2)
        polled = _guarded(self.consumer.poll, int(wait * 1000), max_records=100)
        records = [(at.topic, _record(message)) for at, messages in polled.items() for message in messages]
        self.dirty = self.dirty or bool(records)
        return records

    def commit(self, offsets=None):
        if offsets is not None:
            _guarded(self.consumer.commit,
                     {TopicPartition(*at): OffsetAndMetadata(offset, "", -1) for at, offset in offsets.items()})
        elif self.dirty:
            try:
                _guarded(self.consumer.commit, timeout_ms=5000)
                self.dirty = False
            except ClientError as error:
                if error.name not in ("COMMIT_FAILED", "ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID",
                                      "REBALANCE_IN_PROGRESS"):
                    raise

    def committed(self, partitions):
        found = {at: _guarded(self.consumer.committed, TopicPartition(*at)) for at in partitions}
        return {at: offset for at, offset in found.items() if offset is not None}

    def assigned(self):
        with self.lock:
            return set(self.owned)

    def metadata(self):
        return self.consumer.group_metadata()

    def close(self):
        if self.committing:
            self.commit()
        with self.lock:
            owned, self.owned = self.owned, set()
            if owned:
                self.events.append((time.monotonic(), "revoked", frozenset(owned)))
        self.consumer.close(autocommit=False)


class Admin:
    def __init__(self, client):
        self.admin = _guarded(kafka.KafkaAdminClient, **client.settings())

    def close(self):
        self.admin.close()

    def create_topic(self, name, partitions=1, replication=1, **configuration):
        _guarded(self.admin.create_topics, {name: {
            "num_partitions": partitions, "replication_factor": replication, "configs": configuration}}, 10_000)

    def delete_topic(self, name):
        _guarded(self.admin.delete_topics, [name], 10_000)

    def topics(self):
        return {topic["name"]: len(topic["partitions"]) for topic in _guarded(self.admin.describe_topics)}

    def add_partitions(self, name, total):
        _guarded(self.admin.create_partitions, {name: total}, 10_000)

    def configuration(self, topic):
        resource = ConfigResource(ConfigResourceType.TOPIC, topic)
        found = _guarded(self.admin.describe_configs, [resource], config_filter="all")
        if not found["topic"][topic]:
            raise ClientError("TOPIC_AUTHORIZATION_FAILED", "kafka-python gives no error, and no entries")
        return {key: entry["value"] for key, entry in found["topic"][topic].items()}

    def configure(self, topic, name, value):
        resource = ConfigResource(ConfigResourceType.TOPIC, topic, {name: value})
        change = self.admin.reset_configs if value is None else self.admin.alter_configs
        if value is None:
            resource = ConfigResource(ConfigResourceType.TOPIC, topic, [name])
        result = _guarded(change, [resource], raise_on_unknown=False)["topic"][topic]
        if result != "OK":
            raise ClientError(_code_in(result), result)

    def delete_records(self, topic, before, partition=0):
        at = TopicPartition(topic, partition)
        return _guarded(self.admin.delete_records, {at: before}, 10_000)[at]["low_watermark"]

    def groups(self):
        return {g["group_id"]: g.get("group_state", "").lower() for g in _guarded(self.admin.list_groups)}

    def group(self, name):
        found = _guarded(self.admin.describe_groups, [name])[name]
        members = {}
        for member in found["members"]:
            assigned = (member["member_assignment"] or {}).get("assigned_partitions", [])
            members[member["member_id"]] = {(t["topic"], p) for t in assigned for p in t["partitions"]}
        return found["group_state"].lower(), members

    def delete_group(self, name):
        result = _guarded(self.admin.delete_groups, [name])[name]
        if result != "OK":
            raise named(getattr(kafka.errors, result)())

    def group_offsets(self, name):
        found = _guarded(self.admin.list_group_offsets, name)[name]
        return {(at.topic, at.partition): entry.offset for at, entry in found.items() if entry.offset >= 0}

    def set_group_offsets(self, name, offsets):
        listed = {TopicPartition(*at): OffsetAndMetadata(offset, "", -1) for at, offset in offsets.items()}
        for error in _guarded(self.admin.alter_group_offsets, name, listed).values():
            if error.errno != 0:
                raise named(error())

    def cluster(self):
        return {broker.get("broker_id", broker.get("node_id")) for broker in _guarded(self.admin.describe_cluster)["brokers"]}


def _code_in(text):
    """kafka-python turns the answer into text such as `[Error 40] InvalidConfigurationError: …`."""
    found = re.match(r"\[Error (\d+)\]", text)
    return kafka.errors.for_code(int(found[1])).message if found else text
