"""Kafka's protocol spoken directly, one request at a time, at versions the caller chooses.

Messages are encoded by kafka-python's generated classes; framing, correlation and the order of things are ours, so that
a case can send what no client library would.
"""

import base64
import hashlib
import hmac
import importlib
import os
import socket
import ssl
import struct
import time

from kafka.protocol.api_header import ResponseClassRegistry
from kafka.record.default_records import DefaultRecordBatchBuilder
from kafka.record.memory_records import MemoryRecords

import kafka.errors

_MODULES = (
    "admin.acl admin.cluster admin.configs admin.groups admin.topics admin.transactions admin.users consumer.fetch "
    "consumer.group consumer.metadata consumer.offsets metadata.api_versions metadata.find_coordinator "
    "metadata.metadata producer.produce producer.transaction sasl"
).split()


def _load():
    classes = {}
    for name in _MODULES:
        try:
            module = importlib.import_module(f"kafka.protocol.{name}")
        except ModuleNotFoundError:
            continue
        for key, value in vars(module).items():
            if key.endswith(("Request", "Response")) and hasattr(value, "API_KEY"):
                classes[key] = value
    return classes


MESSAGES = _load()


def error_name(code):
    """Kafka's name for an error code, as `UNKNOWN_TOPIC_OR_PARTITION`."""
    found = "NONE" if code == 0 else kafka.errors.for_code(code).message
    return {"INVALID_TOPIC": "INVALID_TOPIC_EXCEPTION", "MESSAGE_SIZE_TOO_LARGE": "MESSAGE_TOO_LARGE"}.get(found, found)


class Refused(Exception):
    """The broker closed the connection instead of answering."""


class Connection:
    """A connection to a broker. Not thread-safe; answers are read in the order of the requests."""

    def __init__(self, bootstrap, timeout=20, security=None):
        host, port = bootstrap.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if security and security.protocol.endswith("SSL"):
            self.socket = tls_context(security).wrap_socket(self.socket, server_hostname=host)
        self.correlation = 0
        self.versions = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    # Frames

    def send_bytes(self, data):
        self.socket.sendall(data)

    def receive_exactly(self, count):
        parts = bytearray()
        while len(parts) < count:
            try:
                part = self.socket.recv(min(1 << 20, count - len(parts)))
            except (ConnectionError, ssl.SSLError) as error:
                raise Refused(str(error)) from error
            if not part:
                raise Refused(f"closed after {len(parts)} of {count} bytes")
            parts += part
        return bytes(parts)

    def receive_frame(self):
        (size,) = struct.unpack(">i", self.receive_exactly(4))
        return self.receive_exactly(size)

    # Messages

    def send(self, name, version, **fields):
        """Sends a request and returns the function that reads its answer."""
        request = build(name, version, **fields)
        self.correlation += 1
        request.with_header(correlation_id=self.correlation, client_id="busbar-wire")
        self.send_bytes(request.encode(header=True, framed=True))
        wanted, answer = self.correlation, MESSAGES[f"{name}Response"]

        def receive():
            frame = self.receive_frame()
            (got,) = struct.unpack_from(">i", frame)
            if got != wanted:
                raise AssertionError(f"{name} v{version}: wanted correlation id {wanted}, got {got}")
            self.last_size = len(frame) + 4
            return answer[version].decode(frame, header=True)

        return receive

    def call(self, name, version=None, **fields):
        """Sends a request at `version`, or the highest both sides know, and returns the decoded answer."""
        return self.send(name, self.best(name) if version is None else version, **fields)()

    def supported(self):
        """The broker's version ranges by API key."""
        if self.versions is None:
            answer = self.call("ApiVersions", 0)
            self.versions = {entry.api_key: (entry.min_version, entry.max_version) for entry in answer.api_keys}
        return self.versions

    def best(self, name):
        known = MESSAGES[f"{name}Request"]
        lowest, highest = self.supported().get(known.API_KEY, (None, None))
        if highest is None:
            raise AssertionError(f"the broker does not offer {name} (key {known.API_KEY})")
        return min(highest, known.max_version)

    # Saying who one is

    def log_in(self, security):
        """SASL with what `security` says; the name of the error, which is NONE when the broker believes it."""
        answer = self.call("SaslHandshake", 1, mechanism=security.mechanism)
        if answer.error_code != 0:
            return error_name(answer.error_code)
        if security.mechanism == "PLAIN":
            return error_name(self.authenticate(f"\0{security.user}\0{security.password}".encode()).error_code)
        if security.mechanism == "OAUTHBEARER":
            return self._bearer(security)
        return self._scram(security)

    def authenticate(self, message):
        return self.call("SaslAuthenticate", 1, auth_bytes=message)

    def _bearer(self, security):
        """RFC 7628; an answer with a text is a refusal, which the client acknowledges."""
        token, _ = security.token()
        answer = self.authenticate(f"n,,\x01auth=Bearer {token}\x01\x01".encode())
        return error_name((self.authenticate(b"\x01") if answer.auth_bytes else answer).error_code)

    def _scram(self, security):
        """RFC 5802, without checking the server's proof."""
        name = {"SCRAM-SHA-256": "sha256", "SCRAM-SHA-512": "sha512"}[security.mechanism]
        first = f"n={security.user},r={base64.b64encode(os.urandom(18)).decode()}"
        answer = self.authenticate(f"n,,{first}".encode())
        if answer.error_code != 0:
            return error_name(answer.error_code)
        challenge = bytes(answer.auth_bytes).decode()
        fields = dict(part.split("=", 1) for part in challenge.split(","))
        salted = hashlib.pbkdf2_hmac(name, security.password.encode(), base64.b64decode(fields["s"]), int(fields["i"]))
        key = hmac.digest(salted, b"Client Key", name)
        final = f"c=biws,r={fields['r']}"
        signature = hmac.digest(hashlib.new(name, key).digest(), f"{first},{challenge},{final}".encode(), name)
        proof = base64.b64encode(bytes(a ^ b for a, b in zip(key, signature))).decode()
        return error_name(self.authenticate(f"{final},p={proof}".encode()).error_code)

    # The few calls that cases need all the time

    def create_topic(self, name, partitions=1, configuration=None):
        answer = self.call(
            "CreateTopics", min(4, self.best("CreateTopics")), timeout_ms=10000, validate_only=False,
            topics=[dict(name=name, num_partitions=partitions, replication_factor=1, assignments=[],
                         configs=[dict(name=k, value=v) for k, v in (configuration or {}).items()])])
        check(answer.topics[0], f"create topic {name}")
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            found = self.call("Metadata", 1, topics=[dict(name=name)]).topics[0]
            if found.error_code == 0 and len(found.partitions) == partitions:
                return
            time.sleep(0.05)
        raise AssertionError(f"topic {name} was created but its metadata did not follow within 10 s")

    def list_offset(self, topic, partition, timestamp, isolation=0):
        answer = self.call("ListOffsets", min(4, self.best("ListOffsets")), replica_id=-1, isolation_level=isolation,
                           topics=[dict(name=topic, partitions=[dict(partition_index=partition,
                                   current_leader_epoch=-1, timestamp=timestamp)])])
        found = answer.topics[0].partitions[0]
        check(found, f"list offsets of {topic}/{partition}")
        return found.offset

    def produce(self, topic, partition, batch, acks=-1, version=None, transactional_id=None):
        """Produces one encoded batch; returns the partition's part of the answer, unchecked."""
        version = min(7, self.best("Produce")) if version is None else version
        answer = self.call("Produce", version, transactional_id=transactional_id, acks=acks, timeout_ms=10000,
                           topic_data=[dict(name=topic, partition_data=[dict(index=partition, records=batch)])])
        return answer.responses[0].partition_responses[0]

    def fetch(self, topic, partition, offset, max_wait=500, min_bytes=1, max_bytes=50 << 20,
              partition_bytes=1 << 20, isolation=0, version=11):
        answer = self.send_fetch([(topic, partition, offset)], max_wait, min_bytes, max_bytes, partition_bytes,
                                 isolation, version)()
        return answer.responses[0].partitions[0] if answer.responses else None

    def send_fetch(self, positions, max_wait=500, min_bytes=1, max_bytes=50 << 20, partition_bytes=1 << 20,
                   isolation=0, version=11):
        topics = {}
        for topic, partition, offset in positions:
            topics.setdefault(topic, []).append(
                dict(partition=partition, current_leader_epoch=-1, fetch_offset=offset, last_fetched_epoch=-1,
                     log_start_offset=-1, partition_max_bytes=partition_bytes))
        return self.send("Fetch", version, replica_id=-1, max_wait_ms=max_wait, min_bytes=min_bytes,
                         max_bytes=max_bytes, isolation_level=isolation, session_id=0, session_epoch=-1,
                         forgotten_topics_data=[], rack_id="",
                         topics=[dict(topic=t, partitions=p) for t, p in topics.items()])


def tls_context(security):
    """Python's client side of TLS, with the certificates that `security` names."""
    context = ssl.create_default_context(cafile=security.authority)
    if security.certificate:
        context.load_cert_chain(security.certificate, security.key)
    return context


def build(name, version, **fields):
    """A request message from plain dicts and lists, at `version`."""
    kind = MESSAGES[f"{name}Request"]
    return kind(version=version, **{key: _build_value(kind, key, value) for key, value in fields.items()})


def _build_value(kind, key, value):
    if isinstance(value, list) and value and isinstance(value[0], dict):
        nested = kind.fields[key].data_class
        return [nested(**{k: _build_value(nested, k, v) for k, v in item.items()}) for item in value]
    return value


def check(part, what):
    """Raises when a part of an answer carries an error code."""
    if part.error_code != 0:
        raise AssertionError(f"{what}: {error_name(part.error_code)}")
    return part


def batch(values, producer_id=-1, epoch=-1, sequence=-1, transactional=False, timestamp=None, keys=None, codec=0):
    """A record batch (magic 2) of `values`, as bytes."""
    builder = DefaultRecordBatchBuilder(2, codec, transactional, producer_id, epoch, sequence, 1 << 30)
    now = int(time.time() * 1000) if timestamp is None else timestamp
    for index, value in enumerate(values):
        builder.append(index, now, keys[index] if keys else None, value, [])
    return bytes(builder.build())


def batches(data):
    """The batches in a fetched record set."""
    records = MemoryRecords(bytes(data or b""))
    found = []
    while records.has_next():
        found.append(records.next_batch())
    return found


def values(data):
    """The values of all data records in a fetched record set, control batches left out."""
    return [record.value for found in batches(data) if not found.is_control_batch for record in found]
