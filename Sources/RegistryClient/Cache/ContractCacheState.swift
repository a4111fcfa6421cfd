internal import Contracts

/// What the cache knows, and what follows from each thing it learns: no clock, no I/O, no lock.
///
/// Instants are durations since the cache was made.
struct ContractCacheState {
    private struct Entry {
        let bundle: SchemaBundle
        let bytes: Int
        /// Nil until somebody needs it: what is read from disk is compiled when it is used.
        var compiled: Result<KnownContract, ContractError>?
        /// The newest use has the highest number.
        var use: UInt64
        /// When the registry is to be asked again; nil for what never changes.
        var freshUntil: Duration?
    }

    private struct Refusal {
        let message: String
        let until: Duration
    }

    private struct Failure {
        var count: Int
        var retryAt: Duration
    }

    /// What is known of a key.
    enum Knowledge {
        case compiled(Result<KnownContract, ContractError>)
        /// Known, and nobody has needed it yet.
        case text(SchemaBundle)
        case refused(String)
        case unknown
    }

    private let limits: ContractCacheLimits
    private var entries: [ContractKey: Entry] = [:]
    private var refusals: [ContractKey: Refusal] = [:]
    private var failures: [ContractKey: Failure] = [:]
    private var uses: UInt64 = 0
    /// Bytes of all texts.
    private(set) var bytes = 0
    var count: Int { entries.count }

    init(_ limits: ContractCacheLimits) {
        self.limits = limits
    }

    /// What is known, fresh or not; counts as a use.
    mutating func look(up key: ContractKey, at now: Duration) -> Knowledge {
        if let index = entries.index(forKey: key) {
            uses += 1
            entries.values[index].use = uses
            return entries.values[index].compiled.map { .compiled($0) } ?? .text(entries.values[index].bundle)
        }
        if let refusal = refusals[key] {
            if refusal.until > now { return .refused(refusal.message) }
            refusals[key] = nil
        }
        return .unknown
    }

    /// Whether what is known need not be asked for again.
    func isFresh(_ key: ContractKey, at now: Duration) -> Bool {
        guard let entry = entries[key] else { return false }
        return entry.freshUntil.map { $0 > now } ?? true
    }

    /// Whether the registry may be asked for the key by somebody who is not in a hurry.
    func mayAsk(_ key: ContractKey, at now: Duration) -> Bool {
        failures[key].map { $0.retryAt <= now } ?? true
    }

    /// Notes what the text of a key was compiled to.
    mutating func note(_ compiled: Result<KnownContract, ContractError>, for key: ContractKey) {
        entries[key]?.compiled = compiled
    }

    /// Takes what the registry, or the disk, has.
    /// - Returns: the keys that had to go for it.
    mutating func store(_ bundle: SchemaBundle, for key: ContractKey, freshUntil: Duration?) -> [ContractKey] {
        remove(key)
        refusals[key] = nil
        failures[key] = nil
        uses += 1
        let size = bundle.byteCount
        entries[key] = Entry(
            bundle: bundle,
            bytes: size,
            use: uses,
            freshUntil: key.isImmutable ? nil : freshUntil
        )
        bytes += size
        var evicted: [ContractKey] = []
        // The newest one stays whatever its size: it is needed now.
        while entries.count > 1, entries.count > limits.entries || bytes > limits.bytes {
            guard let oldest = entries.min(by: { $0.value.use < $1.value.use })?.key else { break }
            remove(oldest)
            evicted.append(oldest)
        }
        return evicted
    }

    /// The registry has no such schema.
    mutating func refuse(_ key: ContractKey, _ message: String, at now: Duration) {
        failures[key] = nil
        if refusals.count >= limits.refusals {
            refusals = refusals.filter { $0.value.until > now }
            if refusals.count >= limits.refusals { refusals.removeAll(keepingCapacity: true) }
        }
        refusals[key] = Refusal(message: message, until: now + limits.refusedFor)
    }

    /// The registry could not be asked: the next one who is not in a hurry waits longer.
    mutating func fail(_ key: ContractKey, at now: Duration) {
        if failures.count >= limits.refusals { failures.removeAll(keepingCapacity: true) }
        let count = (failures[key]?.count ?? 0) + 1
        let wait = min(.milliseconds(125) * (1 << min(count - 1, 20)), limits.longestWait)
        failures[key] = Failure(count: count, retryAt: now + wait)
    }

    private mutating func remove(_ key: ContractKey) {
        guard let entry = entries.removeValue(forKey: key) else { return }
        bytes -= entry.bytes
    }
}
