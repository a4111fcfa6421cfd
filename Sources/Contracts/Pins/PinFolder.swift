internal import Foundation

/// The pins of a folder of contracts on this machine. Read whenever they are asked for; nothing is ever fetched here.
package struct PinFolder: Sendable {
    /// As it was given.
    package let folder: String

    package init(_ folder: String) {
        self.folder = folder
    }

    /// The file that names the pins.
    package var lockFile: String { "\(folder)/\(ReferencePins.lockFile)" }

    /// What is pinned; nothing where there is no file.
    /// - Throws: `invalidPins` with file, line and column; `unreadable`, `tooLarge`.
    package func pins() throws(ContractError) -> ReferencePins {
        guard FileManager.default.fileExists(atPath: lockFile) else { return ReferencePins() }
        do throws(ContractError) {
            return try ReferencePins(lock: try ContractStore.bytes(of: lockFile))
        } catch {
            var placed = error
            placed.file = lockFile
            throw placed
        }
    }

    /// The document that is pinned under a URI without fragment; nil when it is not pinned.
    /// - Throws: as ``pins()``, and `brokenPin` with the copy's path.
    package func document(_ uri: String) throws(ContractError) -> [UInt8]? {
        try pins()[uri].map { pin throws(ContractError) in try bytes(of: pin) }
    }

    /// The copy of a pinned document.
    /// - Throws: `brokenPin` with the copy's path when it is gone or changed; `unreadable`, `tooLarge`.
    package func bytes(of pin: ReferencePins.Pin) throws(ContractError) -> [UInt8] {
        let path = "\(folder)/\(pin.file)"
        do throws(ContractError) {
            let isThere = FileManager.default.fileExists(atPath: path)
            return try ReferencePins.checked(pin, isThere ? try ContractStore.bytes(of: path) : nil)
        } catch {
            var placed = error
            placed.file = path
            throw placed
        }
    }

    /// Serves what `beside` knows, then pinned documents.
    package func resolver(_ beside: @escaping @Sendable (_ uri: String) throws -> [UInt8]?) -> SchemaResolver {
        SchemaResolver(
            advice: { ReferencePins.advice(for: $0, in: folder) },
            document: { uri in try beside(uri) ?? document(uri) }
        )
    }

    /// Pins a document: writes its copy, then the file that names it.
    /// - Parameters:
    ///   - uri: as ``ReferencePins/uri(_:at:)`` gives it.
    ///   - bytes: the document.
    /// - Returns: its pin.
    /// - Throws: as ``pins()``; `unreadable` when a file cannot be written.
    package func pin(_ uri: String, to bytes: [UInt8]) throws(ContractError) -> ReferencePins.Pin {
        var pins = try pins()
        let pin = pins.pin(uri, to: bytes)
        try write(bytes, to: "\(folder)/\(pin.file)")
        try write(Array(pins.lock.utf8), to: lockFile)
        return pin
    }

    private func write(_ bytes: [UInt8], to path: String) throws(ContractError) {
        let file = URL(filePath: path)
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(bytes).write(to: file, options: .atomic)
        } catch {
            throw ContractError(.unreadable, "the file cannot be written: \(error.localizedDescription)", file: path)
        }
    }
}
