"""TLS: certificates of the server and of clients, and that an encrypted connection carries what a plain one does."""

import socket

import wire
from cases import PYTHON_CLIENTS, Record, case, expect, expect_equal, expect_error, until
from cases_sasl import DENIED
from secured import MTLS, TLS
from security import PREFIXED, Place, Rule, refused

ALICE = "User:CN=alice,OU=ops,O=busbar"
# What each client calls a handshake that fails.
NO_TLS = ("_SSL", "CERTIFICATE_VERIFY_FAILED", "KafkaConnectionError")


def tls_case(clients=PYTHON_CLIENTS, seconds=30):
    return case(clients=clients, seconds=seconds, secured=True)


@tls_case(seconds=60)
def tls_with_scram(c):
    """Over TLS and SCRAM-SHA-512 records of 5 MB and small ones, compressed and not, come back, and a group reads them."""
    place = Place(c, TLS)
    topic = place.topic(max_message_bytes=8_000_000)
    alice = place.client("alice")
    written = [Record(c.random.randbytes(size), b"%d" % size) for size in (1, 100_000, 5_000_000, 10)]
    alice.produce(topic, written)
    alice.produce(topic, [Record(b"lz4 " * 500, b"k") for _ in range(100)], "lz4")
    read = alice.read(topic, 104, partition_bytes=8_000_000)
    expect_equal([r.value for r in read], [r.value for r in written] + [b"lz4 " * 500] * 100, "values")
    member = c.closes(alice.member(c.name("g"), [topic]))
    until(lambda: member.poll(0.2), "the member reads")


@tls_case()
def tls_authority_is_checked(c):
    """A client that trusts another authority than the server's does not come in; nor one that speaks no TLS."""
    place = Place(c, TLS)
    refused(place.client("alice", authority=f"{place.site.folder}/stranger-authority.pem"), NO_TLS, "another authority")
    plain = place.client("alice", protocol="SASL_PLAINTEXT")
    expect(plain.refusal() is not None, "a client without TLS came in")


@tls_case()
def tls_wrong_password(c):
    """A wrong password over TLS is refused as such."""
    refused(Place(c, TLS).client("alice", password="guessed"), DENIED, "password")


@tls_case()
def mtls_certificate_is_the_principal(c):
    """The subject of a client's certificate is its principal, as Kafka writes it: rules for it hold, and no others."""
    place = Place(c, MTLS)
    topic, other, group = place.topic(), place.topic(), c.name("g")
    place.allow(Rule("topic", topic, "write", ALICE), Rule("topic", topic, "read", ALICE),
                Rule("group", group, "read", ALICE), Rule("topic", other, "describe", ALICE),
                Rule("topic", other, "write", "User:alice"), Rule("topic", other, "write", "User:CN=alice"))
    alice = place.client("alice")
    alice.produce(topic, [Record(b"mine", b"k")])
    expect_equal([r.value for r in alice.read(topic, 1)], [b"mine"], "records")
    member = c.closes(alice.member(group, [topic]))
    until(lambda: member.poll(0.2), "the member reads")
    expect_error(("TOPIC_AUTHORIZATION_FAILED",), lambda: alice.produce(other, [Record(b"x", b"k")]), "another topic")


@tls_case()
def mtls_certificate_is_demanded(c):
    """A client without a certificate, and one whose certificate is of another authority, do not come in."""
    place = Place(c, MTLS)
    for what, client in (("without", place.client("admin", certificate=None, key=None)),
                         ("of a stranger", place.client("stranger"))):
        expect(client.refusal() is not None, f"a client with a certificate {what} came in")


@tls_case(clients=("kcat",))
def kcat_tls(c):
    """kcat reads and writes over TLS with SCRAM, and with a certificate of its own."""
    place = Place(c, TLS)
    topic = place.topic()
    place.client("alice").run("-P", "-t", topic, "-p", "0", stdin=b"a\nb\n")
    expect_equal(place.client("bob").run("-C", "-t", topic, "-p", "0", "-o", "beginning", "-e", "-q"), b"a\nb\n", "scram")
    place = Place(c, MTLS)
    topic = place.topic()
    place.allow(Rule("topic", topic[:6], "all", ALICE, PREFIXED))
    place.client("alice").run("-P", "-t", topic, "-p", "0", stdin=b"c\n")
    expect_equal(place.client("alice").run("-C", "-t", topic, "-p", "0", "-o", "beginning", "-e", "-q"), b"c\n", "mtls")


@tls_case(clients=("wire",))
def tls_listener_survives_what_is_no_tls(c):
    """Bytes that are no TLS, half a handshake, and a handshake without the demanded certificate close their own
    connection; others go on."""
    for kind in (TLS, MTLS):
        place = Place(c, kind)
        friend = place.wire("alice")
        host, port = place.bootstrap.rsplit(":", 1)
        for data in (b"GET / HTTP/1.1\r\n\r\n", b"\0\0\0\x10\0\x12\0\0\0\0\0\1\0\4wire", b"\x16\x03\x01\xff\xff" + b"x" * 100):
            with socket.create_connection((host, int(port)), timeout=5) as enemy:
                enemy.sendall(data)
        with socket.create_connection((host, int(port)), timeout=5) as enemy:
            enemy.sendall(b"\0\0\0\x10\0\x12\0\0\0\0\0\1\0\4wire")
            until(lambda: not enemy.recv(100), "the connection is closed")
        expect_equal(friend.call("ApiVersions", 0).error_code, 0, f"a friend of {kind}")


@tls_case(clients=("wire",))
def mtls_without_certificate_gets_no_answer(c):
    """TLS 1.3 lets a client believe that its handshake is done: what it sends without a certificate is not answered."""
    place = Place(c, MTLS)
    for what, security in (("no certificate", place.site.security("admin", certificate=None, key=None)),
                           ("a stranger's", place.site.security("stranger"))):
        try:
            connection = c.closes(wire.Connection(place.bootstrap, security=security))
            found = connection.call("ApiVersions", 0)
        except (wire.Refused, OSError):
            continue
        raise AssertionError(f"{what}: answered {found}")
