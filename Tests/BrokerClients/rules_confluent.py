"""Rules and users, administered through confluent-kafka."""

from confluent_kafka import admin as ck

from adapter_confluent import _guarded
from security import ANY, OPERATIONS, RESOURCES, Rule


class Administration:
    def __init__(self, client):
        self.admin = ck.AdminClient(client.settings())

    def _each(self, futures):
        return [_guarded(future.result, 15) for future in futures.values()]

    def create(self, *rules):
        self._each(_guarded(self.admin.create_acls, [self._entry(ck.AclBinding, rule) for rule in rules]))

    def _entry(self, kind, rule):
        return kind(ck.ResourceType(RESOURCES[rule.resource]), rule.name, ck.ResourcePatternType(rule.pattern),
                    rule.principal, rule.host, ck.AclOperation(OPERATIONS[rule.operation]),
                    ck.AclPermissionType(rule.permission))

    def _filter(self, resource=None, name=None, pattern=ANY, principal=None, operation=None):
        return ck.AclBindingFilter(
            ck.ResourceType(RESOURCES.get(resource, ANY)), name, ck.ResourcePatternType(pattern), principal, None,
            ck.AclOperation(OPERATIONS.get(operation, ANY)), ck.AclPermissionType.ANY)

    def rules(self, **wanted):
        """The set of rules that match."""
        return set(map(_rule, _guarded(_guarded(self.admin.describe_acls, self._filter(**wanted)).result, 15)))

    def delete(self, **wanted):
        """Deletes the rules that match and returns them."""
        (found,) = self._each(_guarded(self.admin.delete_acls, [self._filter(**wanted)]))
        return set(map(_rule, found))

    def users(self, *names):
        """User → {mechanism: iterations}; the error of one that is named and not there."""
        if not names:
            found = _guarded(self.admin.describe_user_scram_credentials(None).result, 15).values()
        else:
            found = self._each(self.admin.describe_user_scram_credentials(list(names)))
        return {user.user: {_name(each.mechanism): each.iterations for each in user.scram_credential_infos}
                for user in found}

    def set_user(self, name, mechanism, password, iterations=4096):
        info = ck.ScramCredentialInfo(_mechanism(mechanism), iterations)
        self._alter(ck.UserScramCredentialUpsertion(name, info, password.encode()))

    def delete_user(self, name, mechanism):
        self._alter(ck.UserScramCredentialDeletion(name, _mechanism(mechanism)))

    def _alter(self, *changes):
        self._each(_guarded(self.admin.alter_user_scram_credentials, list(changes)))

    def close(self):
        """librdkafka's handle goes with the object."""


def _rule(entry):
    names = {number: name for name, number in RESOURCES.items()}, {number: name for name, number in OPERATIONS.items()}
    return Rule(names[0][entry.restype.value], entry.name, names[1][entry.operation.value], entry.principal,
                entry.resource_pattern_type.value, entry.permission_type.value, entry.host)


def _mechanism(name):
    return ck.ScramMechanism[name.replace("-", "_")]


def _name(mechanism):
    return mechanism.name.replace("_", "-")
