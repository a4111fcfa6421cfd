"""Rules and users, administered through kafka-python."""

import kafka
from kafka import admin as ka
from kafka.admin import ACLResourcePatternType, UserScramCredentialDeletion, UserScramCredentialUpsertion
from kafka.admin._users import ScramMechanism

from adapter_kafka_python import _guarded, named
from cases import ClientError
from security import ANY, OPERATIONS, RESOURCES, Rule


class Administration:
    def __init__(self, client):
        self.admin = _guarded(kafka.KafkaAdminClient, **client.settings())

    def close(self):
        self.admin.close()

    def create(self, *rules):
        entries = [ka.ACL(rule.principal, rule.host, ka.ACLOperation(OPERATIONS[rule.operation]),
                          ka.ACLPermissionType(rule.permission),
                          ka.ResourcePattern(ka.ResourceType(RESOURCES[rule.resource]), rule.name,
                                             ACLResourcePatternType(rule.pattern))) for rule in rules]
        for error in _guarded(self.admin.create_acls, entries)["failed"]:
            raise named(error())

    def _filter(self, resource=None, name=None, pattern=ANY, principal=None, operation=None):
        return ka.ACLFilter(principal, None, ka.ACLOperation(OPERATIONS.get(operation, ANY)), ka.ACLPermissionType.ANY,
                            ka.ResourcePatternFilter(ka.ResourceType(RESOURCES.get(resource, ANY)), name,
                                                     ACLResourcePatternType(pattern)))

    def rules(self, **wanted):
        found, _ = _guarded(self.admin.describe_acls, self._filter(**wanted))
        return set(map(_rule, found))

    def delete(self, **wanted):
        ((_, found, error),) = _guarded(self.admin.delete_acls, [self._filter(**wanted)])
        if error.errno != 0:
            raise named(error())
        return set(map(_rule, found))

    def users(self, *names):
        found = _guarded(self.admin.describe_user_scram_credentials, list(names) or None)
        for answer in found.values():
            if not answer["credential_infos"]:
                raise ClientError("RESOURCE_NOT_FOUND", answer["error"])  # the code is lost; an empty user is that
        return {user: {each["mechanism"].name.replace("_", "-"): each["iterations"] for each in answer["credential_infos"]}
                for user, answer in found.items()}

    def set_user(self, name, mechanism, password, iterations=4096):
        self._alter(UserScramCredentialUpsertion(name, mechanism, password, iterations))

    def delete_user(self, name, mechanism):
        self._alter(UserScramCredentialDeletion(name, mechanism))

    def _alter(self, change):
        problem = _guarded(self.admin.alter_user_scram_credentials, [change])[change.user]
        if problem is not None:
            raise ClientError("REFUSED", problem)  # the code is lost on the way


def _rule(entry):
    names = {number: name for name, number in RESOURCES.items()}, {number: name for name, number in OPERATIONS.items()}
    pattern = entry.resource_pattern
    return Rule(names[0][pattern.resource_type], pattern.resource_name, names[1][entry.operation], entry.principal,
                int(pattern.pattern_type), int(entry.permission_type), entry.host)
