internal import Foundation
internal import JWTKit
internal import Logging
internal import NIOPosix
internal import Synchronization
internal import Telemetry

/// The keys of an authority, in a file that is read again when it has changed.
///
/// Nobody watches the file: it is looked at when a token comes and the last look is ``interval`` ago, or ``patience`` ago
/// for a token that the keys at hand do not verify. A file that cannot be used is logged, and the keys from before stay.
final class TokenKeys: Sendable {
    /// How long a key that has left the file is still taken, in milliseconds.
    static let interval: Int64 = 10_000
    /// How often tokens that are refused may make us look, in milliseconds: strangers send as many as they like.
    static let patience: Int64 = 1_000

    /// Why a file is not used, in words.
    private struct Unusable: Error {
        let reason: String
    }

    /// Tells one state of a file from another; a file that is replaced has another number.
    private struct Stamp: Equatable {
        let number: UInt64?
        let size: UInt64?
        let modified: Date?

        /// `nil` where there is no file.
        init?(of path: String) throws {
            guard FileManager.default.fileExists(atPath: path) else { return nil }
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            number = attributes[.systemFileNumber] as? UInt64
            size = attributes[.size] as? UInt64
            modified = attributes[.modificationDate] as? Date
        }
    }

    private struct State {
        var keys: JWTKeyCollection
        var stamp: Stamp?
        /// When the last look began, in the milliseconds of the caller's clock.
        var looked: Int64
        /// The look that is under way: whoever comes meanwhile waits for it.
        var look: Task<Void, Never>?
    }

    private let path: String
    private let threads: NIOThreadPool
    private let logger: Logger
    private let state: Mutex<State>

    private init(_ path: String, _ threads: NIOThreadPool, _ logger: Logger, _ state: consuming State) {
        self.path = path
        self.threads = threads
        self.logger = logger
        self.state = Mutex(state)
    }

    /// Reads the key set.
    /// - Throws: `keySet` when the file cannot be read or has a key that cannot be used.
    static func load(_ path: String, on threads: NIOThreadPool, logger: Logger) async throws(TokenError) -> TokenKeys {
        do {
            let (keys, stamp) = try await read(path, on: threads)
            return TokenKeys(path, threads, logger, State(keys: keys, stamp: stamp, looked: .min))
        } catch {
            throw TokenError(
                code: .keySet,
                message: "\(path) cannot be used; it must be a JSON Web Key Set with keys for RS, PS, ES or EdDSA "
                    + "signatures, each with `kid` and `alg`: \((error as? Unusable)?.reason ?? "\(error)")"
            )
        }
    }

    /// The keys that verify a token, as the file had them at most `age` milliseconds before `now`, or when it was last
    /// of use.
    func keys(atMost age: Int64, before now: Int64) async -> JWTKeyCollection {
        let look: Task<Void, Never>? = state.withLock { state in
            if let look = state.look { return look }
            // A clock that was set back must not keep the file from being looked at.
            let isRecent = state.looked <= now && state.looked > now - age
            guard !isRecent else { return nil }
            state.looked = now
            let look = Task { await self.look() }
            state.look = look
            return look
        }
        await look?.value
        return state.withLock { $0.keys }
    }

    private func look() async {
        defer { state.withLock { $0.look = nil } }
        let before = state.withLock { $0.stamp }
        do {
            let now = try await threads.runIfActive { [path] in try Stamp(of: path) }
            guard now != before else { return }
            // Whatever comes of it, the file is read once in each of its states.
            state.withLock { $0.stamp = now }
            let (keys, stamp) = try await Self.read(path, on: threads)
            state.withLock { ($0.keys, $0.stamp) = (keys, stamp) }
            logger.info("the keys of tokens were read again", metadata: Logger.Metadata([.file: "\(path)"]))
        } catch {
            let reason = (error as? Unusable)?.reason ?? "\(error)"
            logger.info(
                "the changed keys of tokens cannot be used; those from before stay",
                metadata: Logger.Metadata([.file: "\(path)", .reason: "\(reason)"])
            )
        }
    }

    private static func read(
        _ path: String,
        on threads: NIOThreadPool
    ) async throws -> (JWTKeyCollection, Stamp?) {
        // The stamp comes first: what is written after it will be seen as a change.
        let (stamp, text) = try await threads.runIfActive {
            (try Stamp(of: path), try Data(contentsOf: URL(filePath: path)))
        }
        let set = try JSONDecoder().decode(JWKS.self, from: text)
        // Without `alg` the first token that comes, forged or not, would choose a key's algorithm.
        guard !set.keys.isEmpty, set.keys.allSatisfy({ $0.algorithm != nil && $0.keyIdentifier != nil }) else {
            throw Unusable(reason: "every key needs `alg` and `kid`, and there must be one")
        }
        let keys = JWTKeyCollection()
        try await keys.add(jwks: set)
        return (keys, stamp)
    }
}
