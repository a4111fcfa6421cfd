"""aiokafka behind the vocabulary the cases share: an event loop on a thread, called synchronously."""

import asyncio
import logging
import threading
import time

import aiokafka
import aiokafka.admin
import aiokafka.errors
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.structs import OffsetAndMetadata, TopicPartition

import wire
from cases import ClientError, Record, Security, Unsupported

logging.getLogger("aiokafka").setLevel(logging.CRITICAL)

ASSIGNORS = {"range": RangePartitionAssignor, "roundrobin": RoundRobinPartitionAssignor}


def named(error):
    own = {"CommitFailedError": "COMMIT_FAILED", "MessageSizeTooLargeError": "MESSAGE_TOO_LARGE",
           "ProducerFenced": "PRODUCER_FENCED"}
    kind = type(error)
    name = own.get(kind.__name__) or getattr(kind, "message", None) or kind.__name__
    names = {"MESSAGE_SIZE_TOO_LARGE": "MESSAGE_TOO_LARGE", "TOPIC_EXCEPTION": "INVALID_TOPIC_EXCEPTION",
             "INVALID_TOPIC": "INVALID_TOPIC_EXCEPTION", "INVALID_PRODUCER_EPOCH": "INVALID_PRODUCER_EPOCH"}
    return ClientError(names.get(name, name), str(error))


def _record(message):
    return Record(message.value, message.key, tuple(message.headers), message.timestamp, message.partition,
                  message.offset)


class Tokens(aiokafka.abc.AbstractTokenProvider):
    def __init__(self, give):
        self.give = give

    async def token(self):
        return self.give()[0]


class Client:
    name = "aiokafka"
    codecs = ("none", "gzip", "snappy", "lz4", "zstd")

    def __init__(self, bootstrap, security=Security()):
        self.bootstrap, self.security = bootstrap, security
        self.loop = None

    def settings(self, bootstrap=None):
        mine = self.security
        found = dict(bootstrap_servers=bootstrap or self.bootstrap, security_protocol=mine.protocol)
        if mine.token:
            found |= dict(sasl_mechanism=mine.mechanism, sasl_oauth_token_provider=Tokens(mine.token))
        elif mine.mechanism:
            found |= dict(sasl_mechanism=mine.mechanism, sasl_plain_username=mine.user, sasl_plain_password=mine.password)
        if mine.protocol.endswith("SSL"):
            found["ssl_context"] = wire.tls_context(mine)
        return found

    def run(self, coroutine, seconds=60):
        """Runs a coroutine to its end on the client's loop, which starts with the first call."""
        if self.loop is None:
            self.loop = asyncio.new_event_loop()
            self.loop.set_exception_handler(lambda *_: None)
            threading.Thread(target=self.loop.run_forever, daemon=True).start()
        try:
            return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(seconds)
        except aiokafka.errors.KafkaError as error:
            raise named(error) from error

    def close(self):
        if self.loop is not None:
            self.loop.call_soon_threadsafe(self.loop.stop)

    def produce(self, topic, records, codec="none", idempotent=False, linger_ms=20, batch_bytes=100_000,
                max_bytes=20_000_000, acks="all", bootstrap=None, timeout_ms=20_000):
        for record in records:
            if record.key is None and record.value is None:
                raise Unsupported("aiokafka refuses a record without key and value")

        async def work():
            producer = aiokafka.AIOKafkaProducer(
                **self.settings(bootstrap), compression_type=None if codec == "none" else codec,
                enable_idempotence=idempotent, linger_ms=linger_ms, max_batch_size=max(batch_bytes, 100_000),
                max_request_size=max_bytes, acks=acks, request_timeout_ms=min(timeout_ms, 5000))
            await producer.start()
            try:
                return await _send_all(producer, topic, records)
            finally:
                await producer.stop()

        return self.run(work())

    def read(self, topic, count, partition=0, start=0, isolation="read_uncommitted", settle=0.4, seconds=20,
             bootstrap=None, partition_bytes=None, fetch_bytes=None):
        async def work():
            limits = {"max_partition_fetch_bytes": partition_bytes, "fetch_max_bytes": fetch_bytes}
            consumer = aiokafka.AIOKafkaConsumer(
                **self.settings(bootstrap), isolation_level=isolation, fetch_max_wait_ms=100,
                auto_offset_reset="none", **{key: value for key, value in limits.items() if value is not None})
            await consumer.start()
            found, wanted, deadline = [], count, time.monotonic() + seconds
            try:
                at = TopicPartition(topic, partition)
                consumer.assign([at])
                consumer.seek(at, start)
                while time.monotonic() < deadline:
                    if len(found) >= wanted:
                        deadline = min(deadline, time.monotonic() + settle)
                        wanted = 1 << 60
                    found += map(_record, (await consumer.getmany(timeout_ms=100)).get(at, []))
            finally:
                await consumer.stop()
            return found

        return self.run(work())

    def _asking(self, ask):
        async def work():
            consumer = aiokafka.AIOKafkaConsumer(**self.settings())
            await consumer.start()
            try:
                return await ask(consumer)
            finally:
                await consumer.stop()

        return self.run(work())

    def offset_for_time(self, topic, timestamp, partition=0):
        at = TopicPartition(topic, partition)
        found = self._asking(lambda consumer: consumer.offsets_for_times({at: timestamp}))[at]
        return found.offset if found else None

    def watermarks(self, topic, partition=0):
        at = TopicPartition(topic, partition)
        return (self._asking(lambda consumer: consumer.beginning_offsets([at]))[at],
                self._asking(lambda consumer: consumer.end_offsets([at]))[at])

    def refusal(self):
        """The error that a client which cannot come in reports; None when it can."""
        try:
            self._asking(lambda consumer: consumer.topics())
            return None
        except ClientError as error:
            return error.name

    def transactional(self, transactional_id, timeout_ms=30_000, bootstrap=None):
        return Transactional(self, transactional_id, timeout_ms, bootstrap)

    def member(self, group, topics, **options):
        return Member(self, group, topics, **options)

    def admin(self):
        return Admin(self)


async def _send_all(producer, topic, records):
    futures = [await producer.send(topic, record.value, record.key, record.partition, record.timestamp,
                                   list(record.headers) or None) for record in records]
    reports = [await future for future in futures]
    return [report and (report.partition, report.offset) for report in reports]  # None with acks=0


class Transactional:
    def __init__(self, client, transactional_id, timeout_ms, bootstrap=None):
        async def make():
            return aiokafka.AIOKafkaProducer(
                **client.settings(bootstrap), transactional_id=transactional_id,
                transaction_timeout_ms=timeout_ms, request_timeout_ms=10000)

        self.client = client
        self.producer = client.run(make())

    def init(self):
        self.client.run(self.producer.start(), 20)

    def begin(self):
        self.client.run(self.producer.begin_transaction())

    def send(self, topic, values, partition=0):
        return self.client.run(
            _send_all(self.producer, topic, [Record(value, partition=partition) for value in values]))

    def send_offsets(self, offsets, group_metadata):
        listed = {TopicPartition(*at): OffsetAndMetadata(offset, "") for at, offset in offsets.items()}
        self.client.run(self.producer.send_offsets_to_transaction(listed, group_metadata))

    def commit(self):
        self.client.run(self.producer.commit_transaction())

    def abort(self):
        self.client.run(self.producer.abort_transaction())

    def close(self):
        try:
            self.client.run(self.producer.stop(), 3)
        except (ClientError, TimeoutError):
            return  # A fenced producer cannot end its transaction; the case has looked at that already.


class Member(aiokafka.abc.ConsumerRebalanceListener):
    def __init__(self, client, group, topics, instance_id=None, assignor="range", session_ms=6000, heartbeat_ms=200,
                 reset="earliest", committing=True):
        if assignor not in ASSIGNORS:
            raise Unsupported(f"aiokafka has no {assignor} assignor")
        self.events, self.owned = [], set()
        self.lock = threading.Lock()
        self.client, self.committing, self.group = client, committing, group

        async def make():
            consumer = aiokafka.AIOKafkaConsumer(
                **client.settings(), group_id=group, group_instance_id=instance_id,
                partition_assignment_strategy=(ASSIGNORS[assignor],), session_timeout_ms=session_ms,
                heartbeat_interval_ms=heartbeat_ms, auto_offset_reset=reset, enable_auto_commit=False,
                fetch_max_wait_ms=100, rebalance_timeout_ms=10_000, metadata_max_age_ms=5000)
            consumer.subscribe(topics, listener=self)
            return consumer

        self.consumer = client.run(make())
        self.dirty = False
        self.starting = asyncio.run_coroutine_threadsafe(self.consumer.start(), client.loop)

    def _note(self, what, partitions):
        keys = frozenset((p.topic, p.partition) for p in partitions)
        with self.lock:
            self.events.append((time.monotonic(), what, keys))
            self.owned = set(keys) if what == "assigned" else self.owned - keys

    def on_partitions_assigned(self, assigned):
        self._note("assigned", assigned)

    async def on_partitions_revoked(self, revoked):
        if self.committing and revoked:
            await self._commit()
        self._note("revoked", revoked)

    async def _commit(self):
        if self.dirty:
            try:
                await self.consumer.commit()
                self.dirty = False
            except (aiokafka.errors.CommitFailedError, aiokafka.errors.IllegalStateError):
                return  # The generation has passed: its successor reads these records again.

    def poll(self, seconds):
        self._started()

        async def work():
            polled = await self.consumer.getmany(timeout_ms=int(seconds * 1000), max_records=100)
            self.dirty = self.dirty or bool(polled)
            return [(at.topic, _record(message)) for at, messages in polled.items() for message in messages]

        return self.client.run(work())

    def _started(self):
        try:
            self.starting.result(30)
        except aiokafka.errors.KafkaError as error:
            raise named(error) from error

    def commit(self, offsets=None):
        if offsets is not None:
            self.client.run(self.consumer.commit({TopicPartition(*at): offset for at, offset in offsets.items()}))
        else:
            self.client.run(self._commit())

    def committed(self, partitions):
        self._started()
        found = {at: self.client.run(self.consumer.committed(TopicPartition(*at))) for at in partitions}
        return {at: offset for at, offset in found.items() if offset is not None}

    def assigned(self):
        with self.lock:
            return set(self.owned)

    def metadata(self):
        return self.group

    def close(self):
        self._started()
        if self.committing:
            self.commit()
        with self.lock:
            owned, self.owned = self.owned, set()
            if owned:
                self.events.append((time.monotonic(), "revoked", frozenset(owned)))
        self.client.run(self.consumer.stop())


class Admin:
    def __init__(self, client):
        async def make():
            admin = aiokafka.admin.AIOKafkaAdminClient(**client.settings())
            await admin.start()
            return admin

        self.client = client
        self.admin = client.run(make())

    def close(self):
        self.client.run(self.admin.close())

    def _checked(self, errors):
        for error in errors:
            if error[1] != 0:
                raise named(aiokafka.errors.for_code(error[1])(str(error)))

    def create_topic(self, name, partitions=1, replication=1, **configuration):
        topic = aiokafka.admin.NewTopic(name, partitions, replication, topic_configs=configuration)
        self._checked(self.client.run(self.admin.create_topics([topic], 10_000)).topic_errors)

    def delete_topic(self, name):
        self._checked(self.client.run(self.admin.delete_topics([name], 10_000)).topic_error_codes)

    def topics(self):
        return {topic["topic"]: len(topic["partitions"]) for topic in self.client.run(self.admin.describe_topics())}

    def add_partitions(self, name, total):
        self.client.run(self.admin.create_partitions({name: aiokafka.admin.NewPartitions(total)}, 10_000))

    def _resource(self, topic, entries=None):
        kind = aiokafka.admin.config_resource.ConfigResourceType.TOPIC
        return aiokafka.admin.config_resource.ConfigResource(kind, topic, entries)

    def configuration(self, topic):
        answer = self.client.run(self.admin.describe_configs([self._resource(topic)]))[0].resources[0]
        if answer[0] != 0:
            raise named(aiokafka.errors.for_code(answer[0])(str(answer[1])))
        return {entry[0]: entry[1] for entry in answer[4]}

    def configure(self, topic, name, value):
        if value is None:
            raise Unsupported("aiokafka has no incremental alter")
        answer = self.client.run(self.admin.alter_configs([self._resource(topic, {name: value})]))[0].resources[0]
        if answer[0] != 0:
            raise named(aiokafka.errors.for_code(answer[0])(str(answer[1])))

    def delete_records(self, topic, before, partition=0):
        at = TopicPartition(topic, partition)
        wanted = {at: aiokafka.admin.records_to_delete.RecordsToDelete(before)}
        return self.client.run(self.admin.delete_records(wanted, 10_000))[at]

    def groups(self):
        return {group[0]: None for group in self.client.run(self.admin.list_consumer_groups())}

    def group(self, name):
        answer = self.client.run(self.admin.describe_consumer_groups([name]))[0].groups[0]
        if answer[0] != 0:
            raise named(aiokafka.errors.for_code(answer[0])())
        return answer[2].lower(), {member[0]: None for member in answer[5]}

    def delete_group(self, name):
        raise Unsupported("aiokafka cannot delete groups")

    def group_offsets(self, name):
        found = self.client.run(self.admin.list_consumer_group_offsets(name))
        return {(at.topic, at.partition): entry.offset for at, entry in found.items() if entry.offset >= 0}

    def set_group_offsets(self, name, offsets):
        raise Unsupported("aiokafka cannot alter a group's offsets")

    def cluster(self):
        return {broker["node_id"] for broker in self.client.run(self.admin.describe_cluster())["brokers"]}
