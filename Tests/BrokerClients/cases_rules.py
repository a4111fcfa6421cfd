"""Rules: made, listed and deleted by the clients' calls; what they deny has Kafka's error, what they allow goes."""

import wire
from cases import PYTHON_CLIENTS, ClientError, Record, case, expect, expect_equal, expect_error, until
from secured import SASL
from security import DENY, PREFIXED, Place, Rule

TOPIC_DENIED = ("TOPIC_AUTHORIZATION_FAILED",)
CLUSTER_DENIED = ("CLUSTER_AUTHORIZATION_FAILED",)
X = [Record(b"x", b"k")]


def rules_case(clients=PYTHON_CLIENTS, seconds=30):
    return case(clients=clients, seconds=seconds, secured=True)


@rules_case()
def rules_deny_writing(c):
    """Without Write on the topic nothing is produced to it, be it hidden from the user or only described."""
    place = Place(c, SASL)
    topic = place.topic()
    alice = place.client("alice")
    expect_error(TOPIC_DENIED, lambda: alice.produce(topic, X, timeout_ms=5000), "hidden")
    place.allow(Rule("topic", topic, "describe"), Rule("topic", topic, "read"))
    expect_error(TOPIC_DENIED, lambda: alice.produce(topic, X, timeout_ms=5000), "described")
    expect_equal(place.wire().list_offset(topic, 0, -1), 0, "end of the partition")
    place.allow(Rule("topic", topic, "write"))
    expect_equal(alice.produce(topic, X), [(0, 0)], "allowed")


@rules_case()
def rules_deny_reading(c):
    """Without Read on the topic nothing of it is read."""
    place = Place(c, SASL)
    topic = place.topic()
    place.client().produce(topic, X)
    place.allow(Rule("topic", topic, "describe"))
    alice = place.client("alice")
    expect_error(TOPIC_DENIED, lambda: alice.read(topic, 1, seconds=5), "described")
    place.allow(Rule("topic", topic, "read"))
    expect_equal([r.value for r in alice.read(topic, 1)], [b"x"], "allowed")


@rules_case()
def rules_deny_groups(c):
    """Without Read on the group nobody joins it, though the topic may be read."""
    place = Place(c, SASL)
    topic, group = place.topic(), c.name("g")
    place.allow(Rule("topic", topic, "read"))

    def join():
        member = c.closes(place.client("alice").member(group, [topic], committing=False))
        until(lambda: member.poll(0.5) or member.assigned(), "assigned", 10)

    expect_error(("GROUP_AUTHORIZATION_FAILED",), join, "joining")


@rules_case()
def rules_deny_transactional_ids(c):
    """Without Write on the transactional id no producer begins with it; with it, and Write on the topic, one commits."""
    place = Place(c, SASL)
    topic, name = place.topic(), c.name("tx")
    place.allow(Rule("topic", topic, "write"), Rule("topic", topic, "read"))
    alice = place.client("alice")

    def begin():
        transaction = c.closes(alice.transactional(name))
        transaction.init()
        return transaction

    expect_error(("TRANSACTIONAL_ID_AUTHORIZATION_FAILED",), begin, "denied")
    place.allow(Rule("transactional_id", name[:8], "write", pattern=PREFIXED))
    transaction = begin()
    transaction.begin()
    transaction.send(topic, [b"in one"])
    transaction.commit()
    expect_equal([r.value for r in alice.read(topic, 1, isolation="read_committed")], [b"in one"], "read_committed")


@rules_case()
def rules_deny_administration(c):
    """Without rules nobody creates, deletes, changes or sees a topic; Create on a prefix allows just that."""
    place = Place(c, SASL)
    topic, prefix = place.topic(), c.name("mine")
    admin = c.closes(place.client("alice").admin())
    expect_error(TOPIC_DENIED, lambda: admin.create_topic(f"{prefix}-a"), "creating")
    expect_error(TOPIC_DENIED, lambda: admin.delete_topic(topic), "deleting")
    expect_error(TOPIC_DENIED, lambda: admin.configuration(topic), "its configuration")
    expect_error(TOPIC_DENIED, lambda: admin.configure(topic, "retention.ms", "1000"), "changing it")
    expect(topic not in admin.topics(), "a topic that may not be described is listed")
    place.allow(Rule("topic", prefix, "create", pattern=PREFIXED), Rule("topic", prefix, "describe", pattern=PREFIXED))
    admin.create_topic(f"{prefix}-a")
    until(lambda: f"{prefix}-a" in admin.topics(), "the topic is listed")
    expect_error(TOPIC_DENIED, lambda: admin.create_topic(c.name("other")), "another name")
    expect_error(TOPIC_DENIED, lambda: admin.delete_topic(f"{prefix}-a"), "deleting what one created")


@rules_case()
def rules_deny_wins(c):
    """A deny for the user wins over an allow for everybody, and a prefix rule covers topics that come later."""
    place = Place(c, SASL)
    prefix = c.name("p")
    place.allow(Rule("topic", prefix, "all", "User:*", PREFIXED))
    open_topic, closed_topic = place.topic(prefix=prefix), place.topic(prefix=f"{prefix}-closed")
    place.allow(Rule("topic", closed_topic, "write", permission=DENY))
    alice, bob = place.client("alice"), place.client("bob")
    expect_equal(alice.produce(open_topic, X), [(0, 0)], "the open topic")
    expect_error(TOPIC_DENIED, lambda: alice.produce(closed_topic, X, timeout_ms=5000), "the closed one")
    expect_equal(bob.produce(closed_topic, X), [(0, 0)], "the closed one, by another")


@rules_case()
def rules_idempotent_producers(c):
    """Write on any topic is enough for an idempotent producer (KIP-679); without it a producer id is refused."""
    place = Place(c, SASL)
    bob = place.wire("bob")
    answer = bob.call("InitProducerId", 4, transactional_id=None, transaction_timeout_ms=1000, producer_id=-1,
                      producer_epoch=-1)
    topic = place.topic()
    place.allow(Rule("topic", topic, "write"))
    expect_equal(place.client("alice").produce(topic, X, idempotent=True), [(0, 0)], "idempotent")
    if answer.error_code != 0:  # bob may have been given a topic by a case beside this one
        expect_equal(wire.error_name(answer.error_code), "CLUSTER_AUTHORIZATION_FAILED", "without any topic")


@rules_case(clients=("confluent", "kafka-python"))
def rules_are_made_listed_and_deleted(c):
    """Rules are created, found by name, prefix and principal, work at once, and are gone when deleted."""
    place = Place(c, SASL)
    topic = place.topic()
    administration = c.closes(place.client().administration())
    mine = {Rule("topic", topic, "read"), Rule("topic", topic, "write"), Rule("group", topic, "read"),
            Rule("topic", topic[:8], "describe", pattern=PREFIXED), Rule("cluster", "kafka-cluster", "describe", "User:eve")}
    administration.create(*mine)
    topics = {rule for rule in mine if rule.resource == "topic"}
    literal = {rule for rule in topics if rule.pattern != PREFIXED}
    expect_equal(administration.rules(resource="topic", name=topic), literal, "by literal name")
    expect(topics <= administration.rules(resource="topic", name=topic, pattern=2), "a match leaves out the prefix")
    expect_equal(administration.rules(name=topic, operation="read"), {r for r in mine if r.operation == "read"}, "read")
    expect_equal(administration.rules(principal="User:eve"), {r for r in mine if r.principal == "User:eve"}, "eve's")
    alice = place.client("alice")
    expect_equal(alice.produce(topic, X), [(0, 0)], "with the rule")
    expect_equal(administration.delete(resource="topic", name=topic), literal, "deleted")
    expect_equal(administration.delete(resource="topic", name=topic), set(), "deleted again")
    expect_error(TOPIC_DENIED, lambda: alice.produce(topic, X, timeout_ms=5000), "after it")
    administration.delete(principal="User:eve")
    expect_equal(administration.rules(principal="User:eve"), set(), "eve's after it")


@rules_case(clients=("confluent", "kafka-python"))
def rules_are_the_administrators(c):
    """Who may not alter the cluster neither makes nor deletes rules; who may not describe it sees none."""
    administration = c.closes(Place(c, SASL).client("alice").administration())
    expect_error(CLUSTER_DENIED, lambda: administration.create(Rule("topic", "x", "all")), "creating")
    if c.client.name == "confluent":  # librdkafka loses the error of DescribeAcls
        expect_equal(administration.rules(), set(), "listed")
    else:
        expect_error(CLUSTER_DENIED, lambda: administration.rules(), "listing")
    expect_error(CLUSTER_DENIED, lambda: administration.delete(name="x"), "deleting")


@rules_case(clients=("kcat",))
def kcat_is_denied(c):
    """kcat names what it may not do."""
    place = Place(c, SASL)
    topic = place.topic()
    place.allow(Rule("topic", topic, "describe"))
    for arguments, stdin in ((("-P", "-t", topic, "-p", "0"), b"x\n"),
                             (("-C", "-t", topic, "-p", "0", "-o", "beginning", "-e"), b"")):
        try:
            place.client("alice").run(*arguments, stdin=stdin)
        except ClientError as failure:
            expect("opic authorization failed" in str(failure), f"{arguments[0]}: {failure}")
        else:
            raise AssertionError(f"{arguments[0]} was not denied")


@rules_case(clients=("wire",))
def rules_that_say_nothing_are_invalid(c):
    """A rule of any type, any operation, no name, no principal, or of another cluster is INVALID_REQUEST, alone."""
    connection, good = Place(c, SASL).wire(), Rule("topic", c.name("t"), "read").creation()
    bad = [good | change for change in (
        dict(resource_type=1), dict(operation=1), dict(operation=0), dict(permission_type=1), dict(resource_name=""),
        dict(resource_pattern_type=2), dict(principal="alice"), dict(host=""),
        dict(resource_type=4, resource_name="other"))]
    for version in range(1, connection.best("CreateAcls") + 1):
        answer = connection.call("CreateAcls", version, creations=[good, *bad])
        expect_equal([wire.error_name(r.error_code) for r in answer.results], ["NONE"] + ["INVALID_REQUEST"] * len(bad),
                     f"CreateAcls v{version}")
        wanted = dict(resource_type_filter=2, resource_name_filter=good["resource_name"], pattern_type_filter=3,
                      principal_filter=None, host_filter=None, operation=1, permission_type=1)
        found = connection.call("DescribeAcls", version, **wanted)
        expect_equal([(r.resource_name, [a.principal for a in r.acls]) for r in found.resources],
                     [(good["resource_name"], ["User:alice"])], f"DescribeAcls v{version}")
        deleted = connection.call("DeleteAcls", version, filters=[wanted]).filter_results[0]
        expect_equal([(m.error_code, m.resource_name) for m in deleted.matching_acls], [(0, good["resource_name"])],
                     f"DeleteAcls v{version}")


@rules_case(clients=("wire",))
def rules_hide_what_may_not_be_described(c):
    """A topic that may not be described, be it there or not, is TOPIC_AUTHORIZATION_FAILED everywhere and not created."""
    place = Place(c, SASL)
    connection, there, nowhere = place.wire("alice"), place.topic(), c.name("none")
    found = connection.call("Metadata", 4, topics=[dict(name=there), dict(name=nowhere)], allow_auto_topic_creation=True)
    expect_equal([wire.error_name(t.error_code) for t in found.topics], list(TOPIC_DENIED) * 2, "Metadata")
    listed = connection.call("ListOffsets", 4, replica_id=-1, isolation_level=0, topics=[dict(name=there, partitions=[
        dict(partition_index=0, current_leader_epoch=-1, timestamp=-1)])])
    expect_equal(wire.error_name(listed.topics[0].partitions[0].error_code), TOPIC_DENIED[0], "ListOffsets")
    answer = connection.produce(nowhere, 0, wire.batch([b"x"]))
    expect_equal(wire.error_name(answer.error_code), TOPIC_DENIED[0], "Produce")
    topics = {topic.name for topic in place.wire().call("Metadata", 1, topics=None).topics}
    expect(nowhere not in topics, "the topic was created")


@rules_case(clients=("wire",))
def rules_guard_coordinators(c):
    """Finding, describing, deleting and committing for a group or transactional id of somebody else is refused by name."""
    place = Place(c, SASL)
    connection, topic, group, name = place.wire("alice"), place.topic(), c.name("g"), c.name("tx")
    place.allow(Rule("topic", topic, "all"))

    def code(error):
        return wire.error_name(error)

    for kind, key, wanted in ((0, group, "GROUP_AUTHORIZATION_FAILED"), (1, name, "TRANSACTIONAL_ID_AUTHORIZATION_FAILED")):
        expect_equal(code(connection.call("FindCoordinator", 1, key=key, key_type=kind).error_code), wanted, "FindCoordinator")
    answer = connection.call("OffsetCommit", 7, group_id=group, generation_id_or_member_epoch=-1, member_id="",
                             group_instance_id=None, topics=[dict(name=topic, partitions=[dict(
                                 partition_index=0, committed_offset=1, committed_leader_epoch=-1, committed_metadata="")])])
    expect_equal(code(answer.topics[0].partitions[0].error_code), "GROUP_AUTHORIZATION_FAILED", "OffsetCommit")
    answer = connection.call("DescribeGroups", 4, groups=[group], include_authorized_operations=False)
    expect_equal(code(answer.groups[0].error_code), "GROUP_AUTHORIZATION_FAILED", "DescribeGroups")
    answer = connection.call("DeleteGroups", 1, groups_names=[group])
    expect_equal(code(answer.results[0].error_code), "GROUP_AUTHORIZATION_FAILED", "DeleteGroups")
    for api, more in (("AddOffsetsToTxn", dict(group_id=group)), ("EndTxn", dict(committed=True))):
        answer = connection.call(api, 1, transactional_id=name, producer_id=1, producer_epoch=0, **more)
        expect_equal(code(answer.error_code), "TRANSACTIONAL_ID_AUTHORIZATION_FAILED", api)
    answer = connection.call("DescribeTransactions", 0, transactional_ids=[name])
    expect_equal(code(answer.transaction_states[0].error_code), "TRANSACTIONAL_ID_AUTHORIZATION_FAILED", "Describe…")
    listed = connection.call("ListGroups", 2).groups
    expect_equal([g.group_id for g in listed if g.group_id == group], [], "ListGroups")


@case(clients=("wire",))
def rules_are_off_without_authorization(c):
    """A broker that keeps no rules answers the ACL calls with SECURITY_DISABLED."""
    connection = c.wire()
    answer = connection.call("CreateAcls", creations=[Rule("topic", "t", "read").creation()])
    expect_equal([wire.error_name(r.error_code) for r in answer.results], ["SECURITY_DISABLED"], "CreateAcls")
    answer = connection.call("DescribeAcls", resource_type_filter=1, resource_name_filter=None, pattern_type_filter=1,
                             principal_filter=None, host_filter=None, operation=1, permission_type=1)
    expect_equal(wire.error_name(answer.error_code), "SECURITY_DISABLED", "DescribeAcls")
