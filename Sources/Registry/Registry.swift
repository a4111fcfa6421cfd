package import Logging
internal import Synchronization

/// A registry at work: a catalogue that is read by any number of requests, and a storage that is changed by one at a time.
///
/// A change is decided from the catalogue, stored, applied, and only then answered. So what was answered survives, and
/// what could not be stored was never seen by anybody.
package final class Registry: Sendable {
    private let storage: any RegistryStorage
    private let catalogue = Mutex(SchemaCatalogue())
    private let turnstile = Turnstile()
    /// What compiles and compares, and the threads that it is done on: one for the change that is being made, the others
    /// for all that is asked besides.
    let checks: SchemaChecks
    private let threads: CheckThreads
    private let deciding = CheckThreads(1)

    /// Why nothing can be changed here; nil where it can.
    var readOnly: ReadOnly? { storage.readOnly }

    /// Schemas that are being compiled and compared at this moment, or wait for it.
    var checksUnderWay: Int { threads.current }

    /// Whether other processes may change what is served here, so that ``refresh()`` has something to do.
    package var isShared: Bool { storage.isShared }

    private init(_ storage: any RegistryStorage, _ limits: RegistryLimits) {
        self.storage = storage
        checks = SchemaChecks(limits)
        threads = CheckThreads(limits.checkThreads)
    }

    /// Replays everything that is stored.
    /// - Throws: 50001, 50002.
    package static func open(
        _ storage: any RegistryStorage,
        limits: RegistryLimits = RegistryLimits()
    ) async throws(RegistryError) -> Registry {
        let registry = Registry(storage, limits)
        // Who only reads must not keep others from writing.
        let isReader = storage.readOnly != nil
        registry.apply(try await isReader ? storage.news() : storage.prepareForWriting())
        return registry
    }

    /// What is known at this moment.
    package var snapshot: SchemaCatalogue { catalogue.withLock { $0 } }

    /// Decides a change from what is stored now, stores it, and returns once it is seen by whoever asks next.
    ///
    /// Where nothing can be changed, `decide` sees what was read at the start and must come to no records.
    func change(
        _ decide: @escaping @Sendable (SchemaCatalogue) throws(RegistryError) -> PlannedChange
    ) async throws(RegistryError) -> PlannedChange {
        try await turnstile.pass { () throws(RegistryError) in
            for attempt in 0..<Self.maxAttempts {
                if readOnly == nil { apply(try await storage.prepareForWriting()) }
                let catalogue = snapshot
                let change = try await deciding.run { () throws(RegistryError) in try decide(catalogue) }
                if change.records.isEmpty { return change }
                if let stored = try await storage.append(change.records) {
                    apply(stored)
                    return change
                }
                try await Self.stepBack(attempt)
            }
            throw RegistryError(
                .store,
                "Other instances wrote \(Self.maxAttempts) times while this change was to be stored; try again."
            )
        }
    }

    /// Computes something from what is known at this moment that takes as long as a schema makes it.
    /// - Throws: what `work` throws, and 429 when too much of it waits.
    func compute<R: Sendable>(
        _ work: @escaping @Sendable (SchemaCatalogue, SchemaChecks) throws(RegistryError) -> R
    ) async throws(RegistryError) -> R {
        let (catalogue, checks) = (snapshot, checks)
        return try await threads.run { () throws(RegistryError) in try work(catalogue, checks) }
    }

    /// Instances that keep shutting each other out are told so; a client's next try finds them less busy.
    private static let maxAttempts = 20

    /// Waits after others have written: two that took over from each other at once would never come to store anything,
    /// while one that is left alone for a moment stores all that it has. From 0 to 25, 50, 100, … 1,000 ms, at random.
    private static func stepBack(_ attempt: Int) async throws(RegistryError) {
        do {
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...min(25 << attempt, 1_000))))
        } catch {
            throw RegistryError(.store, "The request was given up before its change could be stored.")
        }
    }

    /// Takes in what others have stored by now. Changes look for themselves: this is for those who only read.
    /// - Throws: 50001, 50002; the next call may succeed.
    package func refresh() async throws(RegistryError) {
        guard storage.isShared else { return }
        try await turnstile.pass { () throws(RegistryError) in apply(try await storage.news()) }
    }

    /// Gives up threads, files and connections. Nothing may be asked any more.
    package func close(_ logger: Logger) async {
        await threads.stop(logger)
        await deciding.stop(logger)
        await storage.close()
    }

    private func apply(_ records: [RegistryRecord]) {
        guard !records.isEmpty else { return }
        catalogue.withLock { catalogue in
            for record in records { catalogue.apply(record) }
        }
    }
}
