internal import Synchronization

/// A registry at work: a catalogue that is read by any number of requests, and a storage that is changed by one at a time.
///
/// A change is decided from the catalogue, stored, applied, and only then answered. So what was answered survives, and
/// what could not be stored was never seen by anybody.
package final class Registry: Sendable {
    private let storage: any RegistryStorage
    private let catalogue = Mutex(SchemaCatalogue())
    private let turnstile = Turnstile()

    /// Why nothing can be changed here; nil where it can.
    var readOnly: ReadOnly? { storage.readOnly }

    /// Whether other processes may change what is served here, so that ``refresh()`` has something to do.
    package var isShared: Bool { storage.isShared }

    private init(_ storage: any RegistryStorage) {
        self.storage = storage
    }

    /// Replays everything that is stored.
    /// - Throws: 50001, 50002.
    package static func open(_ storage: any RegistryStorage) async throws(RegistryError) -> Registry {
        let registry = Registry(storage)
        registry.apply(try await storage.prepareForWriting())
        return registry
    }

    /// What is known at this moment.
    package var snapshot: SchemaCatalogue { catalogue.withLock { $0 } }

    /// Decides a change from what is stored now, stores it, and returns once it is seen by whoever asks next.
    ///
    /// Where nothing can be changed, `decide` sees what was read at the start and must come to no records.
    func change(
        _ decide: (SchemaCatalogue) throws(RegistryError) -> PlannedChange
    ) async throws(RegistryError) -> PlannedChange {
        try await turnstile.pass { () throws(RegistryError) in
            for _ in 0..<Self.maxAttempts {
                if readOnly == nil { apply(try await storage.prepareForWriting()) }
                let change = try decide(snapshot)
                if change.records.isEmpty { return change }
                guard let stored = try await storage.append(change.records) else { continue }
                apply(stored)
                return change
            }
            throw RegistryError(
                .store,
                "Other instances wrote \(Self.maxAttempts) times while this change was to be stored; try again."
            )
        }
    }

    /// Instances that keep shutting each other out are told so; a client's next try finds them less busy.
    private static let maxAttempts = 20

    /// Takes in what others have stored by now. Changes look for themselves: this is for those who only read.
    /// - Throws: 50001, 50002; the next call may succeed.
    package func refresh() async throws(RegistryError) {
        guard storage.isShared else { return }
        try await turnstile.pass { () throws(RegistryError) in apply(try await storage.news()) }
    }

    /// Gives up files and connections.
    package func close() async { await storage.close() }

    private func apply(_ records: [RegistryRecord]) {
        guard !records.isEmpty else { return }
        catalogue.withLock { catalogue in
            for record in records { catalogue.apply(record) }
        }
    }
}
