"""What the cases of secured brokers share: who comes in, and the rules that somebody needs."""

import dataclasses

import wire
from cases import until

# Kafka's numbers (`AclOperation`, `ResourceType`, `PatternType`, `AclPermissionType`).
OPERATIONS = dict(all=2, read=3, write=4, create=5, delete=6, alter=7, describe=8, describe_configs=10, alter_configs=11,
                  idempotent_write=12)
RESOURCES = dict(topic=2, group=3, cluster=4, transactional_id=5)
LITERAL, PREFIXED = 3, 4
DENY, ALLOW = 2, 3
ANY = 1


@dataclasses.dataclass(frozen=True)
class Rule:
    """One rule, in the words of the clients' admin calls."""

    resource: str
    name: str
    operation: str
    principal: str = "User:alice"
    pattern: int = LITERAL
    permission: int = ALLOW
    host: str = "*"

    def creation(self):
        return dict(resource_type=RESOURCES[self.resource], resource_name=self.name, resource_pattern_type=self.pattern,
                    principal=self.principal, host=self.host, operation=OPERATIONS[self.operation],
                    permission_type=self.permission)


class Place:
    """A secured broker as a case uses it: `admin` prepares by the raw protocol, somebody else is tried."""

    def __init__(self, c, kind):
        self.c, self.site = c, c.sites[kind]
        self.bootstrap = self.site.bootstrap

    def wire(self, user="admin", **more):
        """A raw connection of somebody who is in."""
        security = self.site.security(user, **more)
        connection = self.c.closes(wire.Connection(self.bootstrap, security=security))
        if security.mechanism:
            name = connection.log_in(security)
            if name != "NONE":
                raise AssertionError(f"{user} cannot come in: {name}")
        return connection

    def client(self, user="admin", **more):
        """The client under test as `user`."""
        return self.c.adapter(self.bootstrap, self.site.security(user, **more))

    def topic(self, partitions=1, prefix="t", **configuration):
        name = self.c.name(prefix)
        self.wire().create_topic(name, partitions, {k.replace("_", "."): str(v) for k, v in configuration.items()})
        return name

    def allow(self, *rules):
        answer = self.wire().call("CreateAcls", creations=[rule.creation() for rule in rules])
        for result in answer.results:
            wire.check(result, "CreateAcls")


def refused(client, names, what):
    """The client, which must not come in, says one of `names`."""
    found = until(lambda: client.refusal() or "it came in", what)
    if found not in names:
        raise AssertionError(f"{what}: wanted {' or '.join(names)}, got {found}")
