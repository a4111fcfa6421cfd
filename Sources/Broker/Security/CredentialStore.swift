internal import ConnectorKit
internal import LogStorage
internal import Synchronization

/// The users: those of `broker.yaml`, and those that clients made with AlterUserScramCredentials, which are kept salted
/// in one file. A user of the file has precedence. Any thread.
final class CredentialStore: Sendable {
    /// By user, then by hash.
    typealias Credentials = [String: [String: ScramCredential]]

    /// One change of AlterUserScramCredentials.
    enum Change: Sendable {
        case upsert(user: String, ScramCredential)
        case delete(user: String, ScramHash)
    }

    private let file: CrashSafeFile<Credentials>
    private let passwords: [String: SecretString]
    /// Derived from the passwords when first asked for: salting takes milliseconds.
    private let derived = Mutex<Credentials>([:])
    private let stored: Mutex<Credentials>

    /// - Throws: ``BrokerError`` when the file cannot be read.
    init(
        file path: String,
        users: [(name: String, password: SecretString)],
        disk: any Disk = POSIXDisk()
    ) throws(BrokerError) {
        file = CrashSafeFile(path, on: disk)
        stored = Mutex(try file.read() ?? [:])
        passwords = Dictionary(users.map { ($0.name, $0.password) }) { $1 }
    }

    /// The credential a SCRAM exchange checks against; `nil` when there is no such user.
    func credential(of user: String, _ hash: ScramHash) -> ScramCredential? {
        guard let password = passwords[user] else { return stored.withLock { $0[user]?[hash.rawValue] } }
        if let known = derived.withLock({ $0[user]?[hash.rawValue] }) { return known }
        let credential = ScramCredential(password: password.reveal(), hash: hash)
        return derived.withLock { derived in
            // Two connections may have derived at once: all see the first.
            if let known = derived[user]?[hash.rawValue] { return known }
            derived[user, default: [:]][hash.rawValue] = credential
            return credential
        }
    }

    /// Whether the user stands in the settings file, so that a stored credential would never be looked at.
    func isOfFile(_ user: String) -> Bool { passwords[user] != nil }

    /// Whether PLAIN's password is the user's. Takes milliseconds.
    func accepts(_ message: PlainMessage) -> Bool {
        let found = ScramHash.allCases.lazy.compactMap { self.credential(of: message.user, $0) }.first
        guard let found else {
            // As slow as for a user that exists.
            return ScramCredential.decoy(for: message.user, hash: .sha256).matches(message.password)
        }
        return found.matches(message.password)
    }

    /// Iterations by user and mechanism, of users that clients made, for DescribeUserScramCredentials.
    var described: [(user: String, credentials: [ScramCredential])] {
        stored.withLock { stored in
            stored.sorted { $0.key < $1.key }
                .map { ($0.key, $0.value.sorted { $0.key < $1.key }.map(\.value)) }
        }
    }

    /// Applies changes together: all or none are on disk.
    /// - Returns: of deletions, the users that had no such credential.
    /// - Throws: ``BrokerError`` when the file cannot be written.
    func apply(_ changes: [Change]) throws(BrokerError) -> Set<String> {
        // The lock is held over the write: a user must be known only once it is on disk.
        let result: Result<Set<String>, BrokerError> = stored.withLock { stored in
            var next = stored
            let missing = Self.apply(changes, to: &next)
            do throws(BrokerError) {
                try file.write(next, previous: stored)
            } catch {
                return .failure(error)
            }
            stored = next
            return .success(missing)
        }
        return try result.get()
    }

    private static func apply(_ changes: [Change], to credentials: inout Credentials) -> Set<String> {
        var missing: Set<String> = []
        for change in changes {
            switch change {
            case .upsert(let user, let credential):
                credentials[user, default: [:]][credential.hash.rawValue] = credential
            case .delete(let user, let hash):
                if credentials[user]?.removeValue(forKey: hash.rawValue) == nil { missing.insert(user) }
                if credentials[user]?.isEmpty == true { credentials[user] = nil }
            }
        }
        return missing
    }
}
