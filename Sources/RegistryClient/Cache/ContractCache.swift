internal import Contracts
package import Logging
internal import NIOPosix
internal import Synchronization
package import Telemetry

/// A worker's contracts of a registry: asked for once, kept in memory and on disk within bounds, and still there while the
/// registry is away. Any thread.
///
/// A version, an id and a GUID never change their schema, so they are kept until there is no room. The latest version is
/// asked for again after a while, and stays what it was when nobody answers.
package final class ContractCache: Sendable {
    private typealias Request = Task<KnownContract, any Error>

    private struct Contents {
        var state: ContractCacheState
        /// One for a key, however many wait for it.
        var requests: [ContractKey: Request] = [:]
        var isClosed = false
    }

    private let client: RegistryClient
    private let limits: ContractCacheLimits
    private let folder: ContractCacheFolder?
    private let contents: Mutex<Contents>
    private let meter: ContractCacheMeter
    private let logger: Logger
    private let now: @Sendable () -> Duration

    /// Reads what is on disk, which blocks.
    /// - Parameters:
    ///   - client: of the registry.
    ///   - directory: where schemas are kept over restarts; nil keeps them in memory only.
    ///   - limits: bounds.
    ///   - metrics: where its series are.
    ///   - logger: told when the registry cannot be asked.
    ///   - now: time since some moment, which only goes forward.
    /// - Throws: when the directory cannot be made or listed.
    package init(
        _ client: RegistryClient,
        directory: String?,
        limits: ContractCacheLimits = ContractCacheLimits(),
        metrics: MetricsRegistry,
        logger: Logger,
        now: @escaping @Sendable () -> Duration = ContractCache.elapsed()
    ) throws {
        self.client = client
        self.limits = limits
        self.logger = logger
        self.now = now
        meter = ContractCacheMeter(metrics)
        folder = try directory.map { try ContractCacheFolder(in: $0, ofRegistryAt: client.urls) }
        var state = ContractCacheState(limits)
        if let (entries, removed) = try folder?.read(atMost: limits.entries) {
            // What was the latest is to be asked for, and stands in while nobody answers.
            for entry in entries { _ = state.store(entry.bundle, for: entry.key, freshUntil: .zero) }
            if removed > 0 {
                logger.notice(
                    "files of the contract cache were damaged and removed",
                    metadata: .init([.records: "\(removed)"])
                )
            }
        }
        meter.holds(entries: state.count, bytes: state.bytes)
        contents = Mutex(Contents(state: state))
    }

    /// The clock of a process.
    package static func elapsed() -> @Sendable () -> Duration {
        let start = ContinuousClock.now
        return { start.duration(to: .now) }
    }

    /// What is known of a key, without asking anybody.
    package func known(_ key: ContractKey) -> KnownAnswer {
        let now = now()
        switch contents.withLock({ $0.state.look(up: key, at: now) }) {
        case .compiled(let result): return Self.answer(result)
        case .text(let bundle): return Self.answer(compile(bundle, key))
        case .refused(let message): return .refused(message)
        case .unknown: return .unknown
        }
    }

    /// Whether it can be said what a key names, or that it names nothing; else it is asked for in the background.
    package func isKnown(_ key: ContractKey) -> Bool {
        guard case .unknown = known(key) else { return true }
        request(key)
        return false
    }

    /// What is known of a key, else what the registry says, asked now.
    /// - Throws: ``ContractCacheError``.
    package func contract(_ key: ContractKey) async throws -> KnownContract {
        try await contract(key) { [client] () async throws(RegistryClientError) in
            try await client.fetch(key)
        }
    }

    /// Registers a schema under a subject, unless this cache knows that it is there.
    /// - Returns: the schema with its id, and its GUID where the registry has such.
    /// - Throws: ``ContractCacheError``; a schema that the registry refuses is `refused`.
    package func register(_ schema: SchemaSubmission, under subject: String) async throws -> KnownContract {
        try await contract(.text(of: schema, under: subject)) { [client] () async throws(RegistryClientError) in
            try await client.registered(schema, under: subject)
        }
    }

    /// Asks for a key in the background, unless that is under way, or was tried in vain just now.
    package func request(_ key: ContractKey) {
        let now = now()
        contents.withLock { contents in
            guard !contents.isClosed, contents.requests[key] == nil, contents.requests.count < limits.requests,
                contents.state.mayAsk(key, at: now)
            else { return }
            contents.requests[key] = begin(key) { [client] () async throws(RegistryClientError) in
                try await client.fetch(key)
            }
        }
    }

    /// Gives up what is under way, and waits for that. Nothing is asked for afterwards.
    package func close() async {
        let requests = contents.withLock { contents in
            contents.isClosed = true
            return Array(contents.requests.values)
        }
        for request in requests { request.cancel() }
        for request in requests { _ = await request.result }
    }

    /// Returns when no request of a key is under way.
    func waitForRequest(of key: ContractKey) async {
        _ = await contents.withLock { $0.requests[key] }?.result
    }

    // MARK: Asking

    private func contract(
        _ key: ContractKey,
        _ fetch: @escaping @Sendable () async throws(RegistryClientError) -> SchemaBundle
    ) async throws -> KnownContract {
        let now = now()
        let isFresh = contents.withLock { $0.state.isFresh(key, at: now) }
        let known = known(key)
        switch known {
        case .found(let contract) where isFresh: return contract
        case .refused(let message): throw ContractCacheError.refused(message)
        case .found, .unknown: break
        }
        let request = try contents.withLock { contents throws(CancellationError) in
            if let request = contents.requests[key] { return request }
            guard !contents.isClosed else { throw CancellationError() }
            let request = begin(key, fetch)
            contents.requests[key] = request
            return request
        }
        do {
            return try await request.value
        } catch ContractCacheError.away(let error) {
            // Old news is better than none.
            guard case .found(let contract) = known else { throw ContractCacheError.away(error) }
            return contract
        }
    }

    private func begin(
        _ key: ContractKey,
        _ fetch: @escaping @Sendable () async throws(RegistryClientError) -> SchemaBundle
    ) -> Request {
        Task {
            let result = await self.finish(key, fetch)
            _ = self.contents.withLock { $0.requests.removeValue(forKey: key) }
            return try result.get()
        }
    }

    private func finish(
        _ key: ContractKey,
        _ fetch: @Sendable () async throws(RegistryClientError) -> SchemaBundle
    ) async -> Result<KnownContract, any Error> {
        do throws(RegistryClientError) {
            let bundle = try await fetch()
            meter.answered(.known)
            await keep(bundle, key)
            return compile(bundle, key).mapError { ContractCacheError.refused(Self.unusable(key, $0)) }
        } catch {
            return .failure(note(error, key))
        }
    }

    /// What a request that came to nothing means: only the registry's own "there is none" is about the schema.
    private func note(_ error: RegistryClientError, _ key: ContractKey) -> any Error {
        let now = now()
        switch error.code {
        case .notFound, .incompatible, .invalid:
            meter.answered(.unknown)
            contents.withLock { $0.state.refuse(key, error.message, at: now) }
            return ContractCacheError.refused(error.message)
        case .cancelled:
            return CancellationError()
        case .unreachable, .unavailable, .unauthenticated, .forbidden, .noRegistry, .configuration:
            meter.answered(.failed)
            contents.withLock { $0.state.fail(key, at: now) }
            logger.notice(
                "a contract could not be asked for",
                metadata: .init([
                    .subject: "\(key)", .errorCode: "\(error.code.rawValue)", .error: "\(error.message)",
                ])
            )
            return ContractCacheError.away(error)
        }
    }

    private func keep(_ bundle: SchemaBundle, _ key: ContractKey) async {
        let until = now() + limits.latestFor
        let (evicted, count, bytes) = contents.withLock { contents in
            let evicted = contents.state.store(bundle, for: key, freshUntil: until)
            return (evicted, contents.state.count, contents.state.bytes)
        }
        meter.holds(entries: count, bytes: bytes)
        meter.evicted(evicted.count)
        guard let folder else { return }
        do {
            // Files are not for the cooperative pool.
            try await NIOThreadPool.singleton.runIfActive {
                for key in evicted { try folder.remove(key) }
                try folder.write(ContractCacheFolder.Entry(key: key, bundle: bundle))
            }
        } catch {
            logger.notice(
                "a contract could not be kept on disk",
                metadata: .init([.subject: "\(key)", .error: "\(error)"])
            )
        }
    }

    // MARK: Compiling

    private func compile(_ bundle: SchemaBundle, _ key: ContractKey) -> Result<KnownContract, ContractError> {
        let result = Result { () throws(ContractError) in try KnownContract(key, bundle) }
        contents.withLock { $0.state.note(result, for: key) }
        return result
    }

    private static func answer(_ result: Result<KnownContract, ContractError>) -> KnownAnswer {
        switch result {
        case .success(let contract): .found(contract)
        case .failure(let error): .refused("the registry's schema cannot be used: \(error)")
        }
    }

    private static func unusable(_ key: ContractKey, _ error: ContractError) -> String {
        "\(key) cannot be used: \(error)"
    }
}
