"""OAUTHBEARER: who comes in with a JSON Web Token, stays in when it ends, and does not come in with another."""

import os
import re
import time

import wire
from cases import PYTHON_CLIENTS, Record, case, expect, expect_equal, until
from cases_sasl import DENIED
from secured import OAUTH
from security import Place, Rule, refused

LIFETIME = 10


def oauth_case(clients=PYTHON_CLIENTS, seconds=30):
    return case(clients=clients, seconds=seconds, secured=True)


def connections(bootstrap):
    """The sockets of this process that are connected to the broker, by their inodes (proc(5))."""
    port = f":{int(bootstrap.rsplit(':', 1)[1]):04X}"
    with open("/proc/self/net/tcp", encoding="ascii") as table:
        rows = [line.split() for line in table.readlines()[1:]]
    inodes = {row[9] for row in rows if row[2].endswith(port) and row[3] == "01"}
    mine = set()
    for descriptor in os.listdir("/proc/self/fd"):
        try:
            mine.update(re.findall(r"socket:\[(\d+)\]", os.readlink(f"/proc/self/fd/{descriptor}")))
        except FileNotFoundError:
            pass  # the folder's own, which is closed by now
    return inodes & mine


@oauth_case()
def oauth_round_trip(c):
    """With a token its `sub` produces, reads, and commits as a group, where rules say so; and does nothing else."""
    place = Place(c, OAUTH)
    topic, group = place.topic(), c.name("g")
    place.allow(Rule("topic", topic, "write"), Rule("topic", topic, "read"), Rule("group", group, "read"))
    alice = place.client("alice")
    alice.produce(topic, [Record(b"%d" % index, b"k") for index in range(20)], idempotent=True)
    expect_equal([r.value for r in alice.read(topic, 20)], [b"%d" % index for index in range(20)], "records")
    member = c.closes(alice.member(group, [topic], committing=False))
    expect(until(lambda: member.poll(0.2), "the member reads"), "nothing")
    member.commit({(topic, 0): 7})
    expect_equal(member.committed([(topic, 0)]), {(topic, 0): 7}, "committed")


def stays(clients, reconnects):
    def run(c):
        place = Place(c, OAUTH)
        topic, group = place.topic(), c.name("g")
        place.allow(Rule("topic", topic, "write"), Rule("topic", topic, "read"), Rule("group", group, "read"))
        tokens = place.site.authority.tokens("alice", LIFETIME)
        writer = place.wire("admin", lifetime=600)
        member = c.closes(place.client("alice", token=tokens).member(group, [topic], committing=False))
        until(lambda: (member.poll(0.2), member.owned)[1], "the member owns the partition")
        # The writer's, and the member's to the broker as leader and as coordinator.
        until(lambda: (member.poll(0.2), len(connections(place.bootstrap)) >= 3)[1], "the member's connections")
        before, began, read, written = connections(place.bootstrap), time.monotonic(), [], []
        while time.monotonic() < began + 2.5 * LIFETIME:
            written.append(b"%d" % len(written))
            wire.check(writer.produce(topic, 0, wire.batch(written[-1:])), "produce")
            read += [record.value for _, record in member.poll(0.3)]
        until(lambda: len(read) >= len(written) or read.extend(r.value for _, r in member.poll(0.2)), "the last records")
        expect_equal(read, written, "records")
        expect(len(tokens.given) >= 3, f"{len(tokens.given)} tokens in {2.5 * LIFETIME} s")
        lost = before - connections(place.bootstrap)
        expect(reconnects or not lost, f"{len(lost)} of {len(before)} connections ended with their token")

    run.__name__ = "oauth_comes_back_with_another_token" if reconnects else "oauth_token_is_renewed_on_the_connection"
    run.__doc__ = (
        "A client that cannot renew a token loses its connection when that ends, comes back with another and misses nothing."
        if reconnects else
        "A client shows its next token on the same connection before the last one ends (KIP-368), and misses nothing.")
    oauth_case(clients, seconds=90)(run)


stays(("confluent", "kafka-python"), reconnects=False)
stays(("aiokafka",), reconnects=True)


@oauth_case(seconds=90)
def oauth_token_is_not_taken(c):
    """A token that has expired, is of another key, issuer or audience, is not valid yet or has no signature is refused, and the
    client says so in its own words."""
    place = Place(c, OAUTH)
    authority, stranger = place.site.authority, place.site.stranger
    unsigned = authority.token("alice").rsplit(".", 1)[0] + "."
    for what, tokens in (
            ("an expired token", authority.tokens("alice", lifetime=-5, shown=300)),
            ("a forged token", stranger.tokens("alice")),
            ("a token for another audience", authority.tokens("alice", aud="somebody-else")),
            ("a token of another issuer", authority.tokens("alice", iss="https://elsewhere.test")),
            ("a token that is not valid yet", authority.tokens("alice", nbf=time.time() + 120)),
            ("a token without a signature", lambda: (unsigned, time.time() + 300))):
        refused(place.client("alice", token=tokens), DENIED, what)


@oauth_case(clients=("wire",))
def oauth_refusal_in_two_steps(c):
    """A token that is not taken is answered with RFC 7628's `invalid_token` and, after the client's answer to that, with
    SASL_AUTHENTICATION_FAILED; the log says why without the token; a right one has a session as long as it lasts."""
    place = Place(c, OAUTH)
    connection = c.closes(wire.Connection(place.bootstrap))
    connection.call("SaslHandshake", 1, mechanism="OAUTHBEARER")
    forged = place.site.stranger.token("alice")
    answer = connection.authenticate(b"n,,\x01auth=Bearer %s\x01\x01" % forged.encode())
    expect_equal(answer.error_code, 0, "the first answer")
    expect(b"invalid_token" in bytes(answer.auth_bytes), f"answered {bytes(answer.auth_bytes)}")
    answer = connection.authenticate(b"\x01")
    expect_equal(answer.error_code, 58, "the second answer")
    log = until(lambda: "signature or form is wrong" in place.site.log() and place.site.log(), "a line in the log")
    expect(forged not in log and forged.rsplit(".", 1)[1] not in log, "a token is in the log")
    connection = c.closes(wire.Connection(place.bootstrap))
    connection.call("SaslHandshake", 1, mechanism="OAUTHBEARER")
    token = place.site.authority.token("alice", lifetime=60)
    answer = connection.authenticate(b"n,,\x01auth=Bearer %s\x01\x01" % token.encode())
    expect(answer.error_code == 0 and not answer.auth_bytes, "a right token is refused")
    expect(55_000 < answer.session_lifetime_ms <= 60_000, f"a session of {answer.session_lifetime_ms} ms")
