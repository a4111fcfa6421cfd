"""Users made by clients (KIP-554): who may come in changes while the broker runs."""

import hashlib
import os

import wire
from cases import PYTHON_CLIENTS, case, expect_equal, expect_error
from cases_sasl import DENIED
from secured import SASL
from security import Place, refused

DENIED_ADMIN = ("CLUSTER_AUTHORIZATION_FAILED", "REFUSED")


def users_case(clients=PYTHON_CLIENTS, seconds=45):
    return case(clients=clients, seconds=seconds, secured=True)


def upsert(c, name, mechanism, password):
    """Makes a user by the client under test, or by the raw protocol where that client cannot."""
    if c.client and hasattr(c.client, "administration"):
        c.closes(Place(c, SASL).client().administration()).set_user(name, mechanism, password)
    else:
        alter(Place(c, SASL).wire(), upsertions=[upsertion(name, mechanism, password)])


def number(mechanism):
    return {"SCRAM-SHA-256": 1, "SCRAM-SHA-512": 2}.get(mechanism, mechanism)


def upsertion(name, mechanism, password, iterations=4096):
    salt = os.urandom(16)
    kind = "sha256" if number(mechanism) == 1 else "sha512"
    return dict(name=name, mechanism=number(mechanism), iterations=iterations, salt=salt,
                salted_password=hashlib.pbkdf2_hmac(kind, password.encode(), salt, iterations))


def alter(connection, deletions=(), upsertions=()):
    """[(user, error's name)]"""
    answer = connection.call("AlterUserScramCredentials", 0, deletions=list(deletions), upsertions=list(upsertions))
    return [(result.user, wire.error_name(result.error_code)) for result in answer.results]


@users_case()
def users_come_in_as_soon_as_they_are_made(c):
    """A user made while the broker runs comes in by its mechanism and no other; a new password replaces the old one; a
    deleted user is out."""
    place, name = Place(c, SASL), c.name("carol")
    refused(place.client(name, mechanism="SCRAM-SHA-256", password="first"), DENIED, "before it is made")
    upsert(c, name, "SCRAM-SHA-256", "first")
    expect_equal(place.client(name, mechanism="SCRAM-SHA-256", password="first").refusal(), None, "the first password")
    refused(place.client(name, mechanism="SCRAM-SHA-512", password="first"), DENIED, "the other mechanism")
    upsert(c, name, "SCRAM-SHA-256", "second")
    refused(place.client(name, mechanism="SCRAM-SHA-256", password="first"), DENIED, "the old password")
    expect_equal(place.client(name, mechanism="SCRAM-SHA-256", password="second").refusal(), None, "the new password")
    alter(place.wire(), deletions=[dict(name=name, mechanism=1)])
    refused(place.client(name, mechanism="SCRAM-SHA-256", password="second"), DENIED, "after its deletion")


@users_case(clients=("confluent", "kafka-python"))
def users_are_described_and_deleted(c):
    """Users are described with mechanisms and iterations, never more; deleting takes one mechanism; strangers to the
    cluster may do neither."""
    place, name = Place(c, SASL), c.name("dave")
    administration = c.closes(place.client().administration())
    expect_error(("RESOURCE_NOT_FOUND",), lambda: administration.users(name), "before")
    administration.set_user(name, "SCRAM-SHA-256", "word", 4096)
    administration.set_user(name, "SCRAM-SHA-512", "word", 8192)
    both = {"SCRAM-SHA-256": 4096, "SCRAM-SHA-512": 8192}
    expect_equal(administration.users(name), {name: both}, "described")
    expect_equal(administration.users().get(name), both, "among all")
    administration.delete_user(name, "SCRAM-SHA-256")
    expect_equal(administration.users(name), {name: {"SCRAM-SHA-512": 8192}}, "one deleted")
    expect_error(("RESOURCE_NOT_FOUND", "REFUSED"), lambda: administration.delete_user(name, "SCRAM-SHA-256"), "again")
    alice = c.closes(place.client("alice").administration())
    expect_error(DENIED_ADMIN, lambda: alice.set_user(name, "SCRAM-SHA-512", "mine"), "set by a stranger")
    if c.client.name != "confluent":  # librdkafka 2.16.1 frees what it must not, and aborts, on this error
        expect_error(DENIED_ADMIN, lambda: alice.users(name), "described to a stranger")


@users_case(clients=("wire",))
def users_changes_are_checked(c):
    """Iterations out of bounds, an empty name, an unknown mechanism, one mechanism twice, a user of the settings file and
    one who is not there are each refused by name; other users of the request are changed."""
    connection, name = Place(c, SASL).wire(), c.name("erin")
    good = upsertion(name, "SCRAM-SHA-512", "word")
    expect_equal(alter(connection, upsertions=[good, upsertion("few", 1, "w", 100)]),
                 [(name, "NONE"), ("few", "UNACCEPTABLE_CREDENTIAL")] if name < "few" else
                 [("few", "UNACCEPTABLE_CREDENTIAL"), (name, "NONE")], "few iterations")
    for what, change, wanted in (
            ("many iterations", good | dict(iterations=20_000), "UNACCEPTABLE_CREDENTIAL"),
            ("an empty name", good | dict(name=""), "UNACCEPTABLE_CREDENTIAL"),
            ("an unknown mechanism", good | dict(mechanism=0), "UNSUPPORTED_SASL_MECHANISM"),
            ("a user of the file", good | dict(name="alice"), "UNACCEPTABLE_CREDENTIAL")):
        expect_equal(alter(connection, upsertions=[change]), [(change["name"], wanted)], what)
    expect_equal(alter(connection, upsertions=[good, good]), [(name, "DUPLICATE_RESOURCE")], "one mechanism twice")
    gone = dict(name=c.name("nobody"), mechanism=1)
    expect_equal(alter(connection, deletions=[gone]), [(gone["name"], "RESOURCE_NOT_FOUND")], "nobody")
    described = connection.call("DescribeUserScramCredentials", 0, users=[dict(name=name), dict(name=name)])
    expect_equal([wire.error_name(r.error_code) for r in described.results], ["DUPLICATE_RESOURCE"], "described twice")
