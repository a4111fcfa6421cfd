internal import Contracts
internal import JSON

/// The pins of a folder of contracts in memory, with the copies that it has.
struct PinnedDocuments: Sendable, Equatable {
    private var lock: [UInt8]?
    private var pins: Result<ReferencePins, ContractError> = .success(ReferencePins())
    /// By path in the folder of contracts.
    private var copies: [JSONName: [UInt8]] = [:]

    static func == (left: PinnedDocuments, right: PinnedDocuments) -> Bool {
        left.lock == right.lock && left.copies == right.copies
    }

    /// Takes a file in by its path in the folder of contracts: ``ReferencePins/lockFile`` or that of a copy.
    mutating func add(_ path: String, _ bytes: [UInt8]) {
        guard path == ReferencePins.lockFile else {
            copies[JSONName(path)] = bytes
            return
        }
        lock = bytes
        pins = Result { () throws(ContractError) in try ReferencePins(lock: bytes) }
    }

    /// What a file of this path holds; nil when it is not there.
    func bytes(of path: String) -> [UInt8]? {
        path == ReferencePins.lockFile ? lock : copies[JSONName(path)]
    }

    /// The pinned documents by URI; none where the file that names them cannot be used.
    var all: [ReferencePins.Pin] { if case .success(let pins) = pins { pins.all } else { [] } }

    /// The document that is pinned under a URI; nil when it is not pinned.
    /// - Throws: that the file of pins cannot be used, or the copy is not what was pinned; with the file's path in the
    ///   folder.
    func document(_ uri: String) throws(ContractError) -> [UInt8]? {
        let pins: ReferencePins
        do throws(ContractError) {
            pins = try self.pins.get()
        } catch {
            throw error.inFile(ReferencePins.lockFile)
        }
        return try pins.document(uri) { copies[JSONName($0)] }
    }

    /// The same, and nil for one that cannot be used.
    func intact(_ uri: String) -> [UInt8]? {
        guard case .success(let bytes) = Result(catching: { () throws(ContractError) in try document(uri) }) else {
            return nil
        }
        return bytes
    }

    /// What is wrong with the file of pins and with the copies, each with its path in the folder.
    var problems: [ContractError] {
        switch pins {
        case .failure(let error): [error.inFile(ReferencePins.lockFile)]
        case .success(let pins):
            pins.all.compactMap { pin in
                let result = Result { () throws(ContractError) in
                    try ReferencePins.checked(pin, copies[JSONName(pin.file)])
                }
                return if case .failure(let error) = result { error } else { nil }
            }
        }
    }

    /// Pins of an earlier folder that are gone or have another content, by URI.
    func edits(since earlier: PinnedDocuments) -> [JSONName: PinEdit] {
        guard self != earlier, case .success(let pins) = pins else { return [:] }
        var edits: [JSONName: PinEdit] = [:]
        for pin in earlier.all where pins[pin.uri]?.sha256 != pin.sha256 {
            edits[JSONName(pin.uri)] = PinEdit(before: pin.sha256, now: pins[pin.uri]?.sha256)
        }
        return edits
    }
}

/// What became of a pin.
struct PinEdit: Sendable {
    /// SHA-256 of what was pinned.
    let before: String
    /// SHA-256 of what is pinned; nil when nothing is.
    let now: String?
}

extension ContractError {
    fileprivate func inFile(_ path: String) -> ContractError {
        var placed = self
        placed.file = path
        return placed
    }
}
