internal import Crypto
internal import Foundation
internal import NIOPosix
internal import Synchronization

/// Who may do what: a file with a user a line, `name role credential`.
///
/// The role is `read`, `register` or `admin`; the credential is a ``PasswordHash``, or `certificate:<SHA-256 of its DER in
/// hexadecimal>`. A user may have several lines. Empty lines and those that begin with `#` say nothing.
package final class RegistryUsers: Sendable {
    private let passwords: [String: [(hash: PasswordHash, role: RegistryRole)]]
    private let certificates: [String: RegistryRequest.Actor]
    /// Stands in for a user that does not exist, so that the answer takes as long.
    private let stranger: PasswordHash
    /// Pairs that were right, as keyed hashes: a hash a request would be the slowest part of most of them.
    private let known = Mutex<[Data: RegistryRole]>([:])
    private let knownKey = SymmetricKey(size: .bits256)

    /// Pairs that are remembered; beyond, all are forgotten and found anew.
    private static let maxKnown = 1_024

    /// Reads the text of the file.
    /// - Throws: 50001 with the number of the line that is wrong, never with its text.
    package init(_ text: String) throws(RegistryError) {
        var passwords: [String: [(PasswordHash, RegistryRole)]] = [:]
        var certificates: [String: RegistryRequest.Actor] = [:]
        for (number, line) in zip(1..., text.split(separator: "\n", omittingEmptySubsequences: false)) {
            let parts = line.split(whereSeparator: \.isWhitespace)
            if parts.isEmpty || parts[0].hasPrefix("#") { continue }
            guard parts.count == 3, let role = RegistryRole(rawValue: String(parts[1])), !parts[0].contains(":") else {
                throw Self.unreadable(number)
            }
            let name = String(parts[0])
            if let hash = PasswordHash(parts[2]) {
                passwords[name, default: []].append((hash, role))
            } else if parts[2].hasPrefix("certificate:"), parts[2].utf8.count == 12 + 64 {
                certificates[parts[2].dropFirst(12).lowercased()] = RegistryRequest.Actor(name: name, role: role)
            } else {
                throw Self.unreadable(number)
            }
        }
        self.passwords = passwords
        self.certificates = certificates
        let costs = passwords.values.joined().map(\.0.logRounds)
        do {
            stranger = try PasswordHash(of: UUID().uuidString, logRounds: costs.max() ?? 10)
        } catch {
            throw RegistryError(.store, "Passwords cannot be hashed on this machine: \(error)")
        }
    }

    private static func unreadable(_ line: Int) -> RegistryError {
        RegistryError(
            .store,
            "Line \(line) of the users is no `name role credential`: the role is read, register or admin, and the "
                + "credential comes from --hash-password or is certificate:<SHA-256 in hexadecimal>."
        )
    }

    /// The user that a certificate belongs to.
    func actor(certificate der: [UInt8]) -> RegistryRequest.Actor? {
        certificates[SHA256.hash(data: der).map { String(UInt16($0) | 0x100, radix: 16).dropFirst() }.joined()]
    }

    /// The user, if the password is right.
    func actor(_ name: String, password: String) async -> RegistryRequest.Actor? {
        let pair = Data(HMAC<SHA256>.authenticationCode(for: Data("\(name):\(password)".utf8), using: knownKey))
        if let role = known.withLock({ $0[pair] }) { return RegistryRequest.Actor(name: name, role: role) }
        let candidates = passwords[name] ?? [(stranger, .read)]
        let isStranger = passwords[name] == nil
        let role: RegistryRole?
        do {
            // Tens of milliseconds: not on the cooperative pool.
            role = try await NIOThreadPool.singleton.runIfActive {
                try candidates.filter { try $0.hash.matches(password) }.map(\.role).max()
            }
        } catch {
            return nil
        }
        guard let role, !isStranger else { return nil }
        known.withLock { known in
            if known.count >= Self.maxKnown { known.removeAll() }
            known[pair] = role
        }
        return RegistryRequest.Actor(name: name, role: role)
    }
}
