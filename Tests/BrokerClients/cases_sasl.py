"""SASL: who comes in by which mechanism, who does not, and what is answered before anybody is in."""

import struct

import wire
from cases import PYTHON_CLIENTS, Record, case, expect, expect_equal, until
from cases_wire_protocol import raw_request
from secured import SASL, TLS
from security import Place, Rule, refused

# What each client calls a login that fails: librdkafka, kafka-python, aiokafka (which says no more).
DENIED = ("_AUTHENTICATION", "SaslAuthenticationFailedError", "KafkaConnectionError")
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")


def sasl_case(clients=PYTHON_CLIENTS, seconds=30):
    return case(clients=clients, seconds=seconds, secured=True)


def round_trip(mechanism):
    def run(c):
        place = Place(c, SASL)
        topic, group = place.topic(), c.name("g")
        place.allow(Rule("topic", topic, "write"), Rule("topic", topic, "read"), Rule("group", group, "read"))
        alice = place.client("alice", mechanism=mechanism)
        alice.produce(topic, [Record(b"%d" % index, b"k") for index in range(20)], idempotent=True)
        expect_equal([r.value for r in alice.read(topic, 20)], [b"%d" % index for index in range(20)], "records")
        member = c.closes(alice.member(group, [topic], committing=False))
        expect(until(lambda: member.poll(0.2), "the member reads"), "nothing")
        member.commit({(topic, 0): 7})
        expect_equal(member.committed([(topic, 0)]), {(topic, 0): 7}, "committed")

    run.__name__ = f"sasl_{mechanism.lower().replace('-', '_')}"
    run.__doc__ = f"With {mechanism} a user produces, reads, and commits as a group, where rules say so."
    return run


def wrong_password(mechanism):
    def run(c):
        place = Place(c, SASL)
        refused(place.client("alice", mechanism=mechanism, password="guessed"), DENIED, "a wrong password")
        refused(place.client("nobody", mechanism=mechanism, password="guessed"), DENIED, "an unknown user")

    run.__name__ = f"sasl_wrong_password_{mechanism.lower().replace('-', '_')}"
    run.__doc__ = f"A wrong password and an unknown user are refused alike, {mechanism}."
    return run


for _mechanism in MECHANISMS:
    sasl_case()(round_trip(_mechanism))
    sasl_case(seconds=60)(wrong_password(_mechanism))


@sasl_case()
def sasl_mechanism_not_on_offer(c):
    """A client that insists on a mechanism which the broker does not offer is refused."""
    refused(Place(c, TLS).client("alice", mechanism="PLAIN"), DENIED + (
        "_UNSUPPORTED_FEATURE", "UnsupportedSaslMechanismError"), "PLAIN")


@sasl_case()
def sasl_is_not_asked_of_nobody(c):
    """A client that does not say who it is gets nothing from a broker that asks."""
    silent = c.adapter(c.sites[SASL].bootstrap, c.sites[SASL].security("alice", protocol="PLAINTEXT", mechanism=None))
    expect(silent.refusal() is not None, "the client came in")


@sasl_case(clients=("kcat",))
def kcat_sasl(c):
    """kcat produces and consumes with SCRAM-SHA-512 of librdkafka 2.0.2 and with PLAIN; a wrong password is told."""
    place = Place(c, SASL)
    topic = place.topic()
    place.allow(Rule("topic", topic, "write"), Rule("topic", topic, "read"))
    for mechanism in MECHANISMS:
        place.client("alice", mechanism=mechanism).run("-P", "-t", topic, "-p", "0", stdin=mechanism.encode() + b"\n")
    read = place.client("alice").run("-C", "-t", topic, "-p", "0", "-o", "beginning", "-e", "-q")
    expect_equal(read.decode().split(), list(MECHANISMS), "records")
    for mechanism in MECHANISMS:
        try:
            place.client("alice", mechanism=mechanism, password="guessed").run("-L", "-m", "2", "-t", topic)
        except Exception as failure:
            expect("uthentication failed" in str(failure), f"{mechanism}: {failure}")
        else:
            raise AssertionError(f"{mechanism}: a wrong password came in")


def connected(c):
    return c.closes(wire.Connection(c.sites[SASL].bootstrap))


def closed(connection, what):
    """The broker closes the connection without another byte."""
    connection.socket.settimeout(5)
    try:
        frame = connection.receive_frame()
    except wire.Refused:
        return
    raise AssertionError(f"{what}: answered with {len(frame)} bytes instead of a closed connection")


@sasl_case(clients=("wire",))
def sasl_nothing_before_it(c):
    """Before SASL is through, ApiVersions is answered and any other request closes the connection, unanswered."""
    topic = Place(c, SASL).topic()
    for name, key, body in (("Metadata", 3, struct.pack(">i", 0)), ("FindCoordinator", 10, b"\0\1k\0"),
                            ("Produce", 0, b"\0" * 20), ("CreateAcls", 30, b"\0" * 20)):
        connection = connected(c)
        expect_equal(connection.call("ApiVersions", 3, client_software_name="w", client_software_version="1").error_code,
                     0, "ApiVersions")
        connection.send_bytes(raw_request(key, {0: 3, 30: 1}.get(key, 1), body))
        closed(connection, name)
    connection = connected(c)
    expect_equal(connection.call("SaslHandshake", 1, mechanism="PLAIN").error_code, 0, "handshake")
    connection.send_bytes(raw_request(3, 1, struct.pack(">i", 0)))
    closed(connection, "Metadata within the exchange")
    expect_equal(Place(c, SASL).wire().list_offset(topic, 0, -1), 0, "somebody else")


@sasl_case(clients=("wire",))
def sasl_handshake_is_checked(c):
    """An unknown mechanism is UNSUPPORTED_SASL_MECHANISM with those on offer, and ends the connection; SaslAuthenticate
    without a handshake, and a handshake of who is in already, are ILLEGAL_SASL_STATE; version 0 is not served."""
    for name in ("GSSAPI", "scram-sha-512", ""):
        connection = connected(c)
        answer = connection.call("SaslHandshake", 1, mechanism=name)
        expect_equal((wire.error_name(answer.error_code), sorted(answer.mechanisms)),
                     ("UNSUPPORTED_SASL_MECHANISM", sorted(MECHANISMS)), f"mechanism '{name}'")
        closed(connection, f"after mechanism '{name}'")
    connection = connected(c)
    expect_equal(wire.error_name(connection.authenticate(b"\0alice\0x").error_code), "ILLEGAL_SASL_STATE", "no handshake")
    expect_equal(wire.error_name(Place(c, SASL).wire("alice").call("SaslHandshake", 1, mechanism="PLAIN").error_code),
                 "ILLEGAL_SASL_STATE", "a second handshake")
    answer = connected(c).call("SaslHandshake", 0, mechanism="PLAIN")
    expect_equal(wire.error_name(answer.error_code), "UNSUPPORTED_VERSION", "version 0")


@sasl_case(clients=("wire",))
def sasl_messages_are_checked(c):
    """Messages that are no PLAIN or SCRAM message, another user's authorization id, a proof that is replayed, and a
    request too large for a stranger are refused, with one text for all and the connection closed."""
    place = Place(c, SASL)
    word = place.site.passwords["alice"].encode()
    for mechanism, message in (
            ("PLAIN", b""), ("PLAIN", b"alice" + word), ("PLAIN", b"\0alice\0"), ("PLAIN", b"bob\0alice\0" + word),
            ("PLAIN", b"\0alice\0" + word + b"\0more"), ("PLAIN", b"\0alice\0\xff\xfe"), ("SCRAM-SHA-256", b"\0alice\0" + word),
            ("SCRAM-SHA-256", b"p=tls-unique,,n=alice,r=x"), ("SCRAM-SHA-512", b"n,,n=,r=x")):
        connection = connected(c)
        connection.call("SaslHandshake", 1, mechanism=mechanism)
        answer = connection.authenticate(message)
        expect_equal((wire.error_name(answer.error_code), answer.error_message),
                     ("SASL_AUTHENTICATION_FAILED", "Authentication failed: invalid credentials"), f"{mechanism} {message}")
        closed(connection, f"after {mechanism} {message}")
    connection = connected(c)
    connection.send_bytes(struct.pack(">i", 600 << 10) + b"x" * 1000)
    closed(connection, "600 KB of a stranger")


@sasl_case(clients=("wire",))
def sasl_one_guess_a_connection(c):
    """What a client sends behind a wrong password, without waiting for the answer, is not looked at, be it right."""
    place = Place(c, SASL)
    topic, right = c.name("t"), f"\0admin\0{place.site.passwords['admin']}".encode()
    connection = connected(c)
    asked = [("SaslHandshake", dict(mechanism="PLAIN")), ("SaslAuthenticate", dict(auth_bytes=b"\0admin\0wrong")),
             ("SaslHandshake", dict(mechanism="PLAIN")), ("SaslAuthenticate", dict(auth_bytes=right)),
             ("Metadata", dict(topics=[dict(name=topic)], allow_auto_topic_creation=True))]
    waiting = [connection.send(name, 4 if name == "Metadata" else 1, **fields) for name, fields in asked]
    answers = []
    try:
        for receive in waiting:
            answers.append(wire.error_name(receive().error_code))
    except wire.Refused:
        pass  # Metadata of a stranger may end the connection before the answer to the guess is due.
    expect(answers in (["NONE"], ["NONE", "SASL_AUTHENTICATION_FAILED"]), f"answers {answers}")
    names = {found.name for found in place.wire().call("Metadata", 1, topics=None).topics}
    expect(topic not in names, "a request behind a wrong password was carried out")


@sasl_case(clients=("wire",))
def sasl_passwords_are_not_logged(c):
    """The broker's log names who could not come in from where, and no password, right or wrong."""
    place = Place(c, SASL)
    place.wire("alice")
    guess = c.name("guess")
    for mechanism in MECHANISMS:
        connection = connected(c)
        expect_equal(connection.log_in(place.site.security("alice", mechanism=mechanism, password=guess)),
                     "SASL_AUTHENTICATION_FAILED", mechanism)
    log = until(lambda: "could not authenticate" in place.site.log() and place.site.log(), "a line in the log")
    for secret in (guess, *place.site.passwords.values()):
        expect(secret not in log, "a password is in the log")
