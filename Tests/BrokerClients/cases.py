"""What every case is written with: the registry, the context a case is given, and the ways it can end."""

import dataclasses
import random
import time
import uuid

import wire


class Unsupported(Exception):
    """The client under test cannot express the case; it is skipped and says why."""


class ClientError(Exception):
    """A client's error under Kafka's own name for it, so that cases compare one vocabulary."""

    def __init__(self, name, text=""):
        super().__init__(f"{name}: {text}" if text else name)
        self.name = name


@dataclasses.dataclass(frozen=True)
class Record:
    """One record as produced or read. `headers` is a tuple of (name, bytes or None); times are milliseconds."""

    value: bytes | None
    key: bytes | None = None
    headers: tuple = ()
    timestamp: int | None = None
    partition: int = 0
    offset: int | None = None

    def content(self):
        return self.key, self.value, self.headers


@dataclasses.dataclass(frozen=True)
class Security:
    """How a client reaches a broker and proves who it is, in librdkafka's words. Files are PEM."""

    protocol: str = "PLAINTEXT"
    mechanism: str | None = None
    user: str | None = None
    password: str | None = None
    authority: str | None = None
    certificate: str | None = None
    key: str | None = None
    # For OAUTHBEARER: gives a token and when it ends, in seconds since 1970.
    token: object = None


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    clients: tuple
    run: object
    seconds: int
    claim: str
    secured: bool = False
    alone: bool = False


ALL = []
PYTHON_CLIENTS = ("confluent", "kafka-python", "aiokafka")


def case(clients=PYTHON_CLIENTS, seconds=30, secured=False, alone=False):
    """Registers a function as a case. Its docstring is the claim; `seconds` is when it counts as hung. A `secured` case
    uses brokers with TLS, SASL and rules; one that runs `alone` measures times that others would disturb."""

    def register(function):
        ALL.append(Case(function.__name__.replace("_", "-"), tuple(clients), function, seconds, function.__doc__,
                        secured, alone))
        return function

    return register


def expect(condition, why):
    """Fails the case with `why`, a text or a function that makes one."""
    if not condition:
        raise AssertionError(why() if callable(why) else why)


def expect_equal(got, wanted, what):
    expect(got == wanted, lambda: f"{what}: wanted {short(wanted)}, got {short(got)}")


def expect_error(names, action, what):
    """Runs `action`, which must fail with one of Kafka's error `names`."""
    try:
        result = action()
    except ClientError as error:
        expect(error.name in names, f"{what}: wanted {' or '.join(names)}, got {error}")
        return error
    raise AssertionError(f"{what}: wanted {' or '.join(names)}, but it succeeded with {short(result)}")


def short(value, limit=200):
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"


def until(condition, what, seconds=15, pause=0.05):
    """Waits for `condition` to give something true and returns it."""
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        expect(time.monotonic() < deadline, f"{what}: not within {seconds} s")
        time.sleep(pause)


class Context:
    """What a case is given: the client's adapter, fresh names, a seeded generator, and the raw protocol."""

    def __init__(self, bootstrap, client, seed, rebalances, sites=None):
        self.bootstrap = bootstrap
        self.sites = sites
        self.client = client
        self.random = random.Random(seed)
        self.rebalances = rebalances
        self.closing = []

    def name(self, prefix):
        return f"{prefix}-{uuid.uuid4().hex[:10]}"

    def adapter(self, bootstrap, security):
        """The client under test at another broker, as somebody."""
        return self.closes(type(self.client)(bootstrap, security))

    def wire(self, bootstrap=None):
        """A raw connection, closed when the case ends."""
        return self.closes(wire.Connection(bootstrap or self.bootstrap))

    def topic(self, partitions=1, **configuration):
        """Creates a topic by the raw protocol, so that a client's admin calls are not a precondition of its
        other cases."""
        name = self.name("t")
        settings = {key.replace("_", "."): str(value) for key, value in configuration.items()}
        with wire.Connection(self.bootstrap) as connection:
            connection.create_topic(name, partitions, settings)
        return name

    def end_offset(self, topic, partition=0, committed=False):
        with wire.Connection(self.bootstrap) as connection:
            return connection.list_offset(topic, partition, -1, 1 if committed else 0)

    def closes(self, thing):
        self.closing.append(thing)
        return thing

    def close(self):
        while self.closing:
            self.closing.pop().close()
