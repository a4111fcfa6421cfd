internal import LogStorage
internal import Synchronization

/// Decides who may do what, by the rules that clients made (CreateAcls). Any thread.
///
/// A deny that matches wins over every allow; what no rule covers is decided by the configuration (Kafka's
/// `allow.everyone.if.no.acl.found`).
final class Authorizer: Sendable {
    private let settings: BrokerConfiguration.AuthorizationSettings?
    private let file: CrashSafeFile<[AccessRule]>
    private let rules: Mutex<[AccessRule]>

    /// Without settings everybody may do everything.
    /// - Throws: ``BrokerError`` when the file cannot be read.
    init(
        file path: String,
        settings: BrokerConfiguration.AuthorizationSettings?,
        disk: any Disk = POSIXDisk()
    ) throws(BrokerError) {
        file = CrashSafeFile(path, on: disk)
        self.settings = settings
        rules = Mutex(try file.read() ?? [])
    }

    /// Whether rules are kept at all; without it the ACL calls are refused.
    var isEnabled: Bool { settings != nil }

    /// Whether `client` may do `operation` to one resource.
    func allows(_ client: Client, _ operation: AccessOperation, _ type: ResourceType, _ name: String) -> Bool {
        guard let settings else { return true }
        if settings.superUsers.contains(client.principal) { return true }
        return rules.withLock { rules in
            let covering = rules.filter { $0.covers(type, name) }
            let mine = covering.filter { $0.names(client) }
            if mine.contains(where: { !$0.isAllowed && ($0.operation == .all || $0.operation == operation) }) {
                return false
            }
            if mine.contains(where: { $0.isAllowed && $0.operation.implies(operation) }) { return true }
            return covering.isEmpty && settings.allowsWithoutRule
        }
    }

    /// Whether `client` may do `operation` to at least one resource of the type (KIP-679, for idempotent producers): some
    /// allow is not taken back by a deny that covers all that it covers.
    func allowsAny(_ client: Client, _ operation: AccessOperation, _ type: ResourceType) -> Bool {
        guard let settings else { return true }
        if settings.superUsers.contains(client.principal) { return true }
        return rules.withLock { rules in
            let mine = rules.filter { $0.resourceType == type && $0.names(client) }
            let denies = mine.filter { !$0.isAllowed && ($0.operation == .all || $0.operation == operation) }
            if settings.allowsWithoutRule { return !denies.contains { $0.coversAll } }
            return mine.contains { rule in
                rule.isAllowed && rule.operation.implies(operation) && !denies.contains { $0.covers(rule) }
            }
        }
    }

    /// Every rule.
    var all: [AccessRule] { rules.withLock { $0 } }

    /// Adds rules; one that exists stays one.
    /// - Throws: ``BrokerError`` when the file cannot be written; nothing is changed then.
    func add(_ added: [AccessRule]) throws(BrokerError) {
        _ = try change { rules in
            for rule in added where !rules.contains(rule) { rules.append(rule) }
        }
    }

    /// Removes the rules that `matches` names, and answers them.
    /// - Throws: ``BrokerError`` when the file cannot be written; nothing is changed then.
    func remove(where matches: (AccessRule) -> Bool) throws(BrokerError) -> [AccessRule] {
        let removed = all.filter(matches)
        guard !removed.isEmpty else { return [] }
        try change { rules in rules.removeAll { removed.contains($0) } }
        return removed
    }

    private func change(_ change: (inout [AccessRule]) -> Void) throws(BrokerError) {
        // The lock is held over the write: rules change rarely, and a check must see them only once they are on disk.
        let result: Result<Void, BrokerError> = rules.withLock { rules in
            var next = rules
            change(&next)
            do throws(BrokerError) {
                try file.write(next, previous: rules)
            } catch {
                return .failure(error)
            }
            rules = next
            return .success(())
        }
        try result.get()
    }
}
