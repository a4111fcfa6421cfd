internal import Crypto
internal import JSON

/// The remote documents that schemas of a folder may refer to: each by its URI, with the SHA-256 of its bytes and the copy
/// that is read in its place (docs/decisions/0026).
///
/// `references.lock.json` beside the subjects holds them, in the order of their URIs:
///
///     {"v": 1, "references": {"https://example.org/money.json": {"sha256": "9f86…", "file": ".references/…json"}}}
package struct ReferencePins: Sendable, Equatable {
    /// One document.
    package struct Pin: Sendable, Equatable {
        /// What references say before their fragment, once they are absolute.
        package let uri: String
        /// Of the bytes of the document: 64 lower-case hexadecimal digits.
        package let sha256: String
        /// The copy, as a path in the folder of contracts.
        package let file: String
    }

    /// The name of the file in a folder of contracts.
    package static let lockFile = "references.lock.json"
    /// The folder of the copies; no subject can have this name.
    package static let copyFolder = ".references"

    private var pins: [JSONName: Pin] = [:]

    /// Without any pin.
    package init() {}

    /// By URI.
    package var all: [Pin] { pins.sorted { $0.key < $1.key }.map(\.value) }

    /// The pin of a URI without fragment; nil when it has none.
    package subscript(_ uri: String) -> Pin? { pins[JSONName(uri)] }

    /// Pins a document, in place of what its URI was pinned to.
    /// - Parameters:
    ///   - uri: as ``uri(_:)`` gives it.
    ///   - bytes: the document.
    /// - Returns: the pin.
    package mutating func pin(_ uri: String, to bytes: [UInt8]) -> Pin {
        let file = pins[JSONName(uri)]?.file ?? Self.copy(of: uri)
        let pin = Pin(uri: uri, sha256: Self.sha256(bytes), file: file)
        pins[JSONName(uri)] = pin
        return pin
    }

    /// Lower-case hexadecimal digits.
    package static func sha256(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Whether a path in the folder has the form of a copy's, which leads nowhere else.
    package static func isCopy(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2 && parts[0] == copyFolder && !parts[1].hasPrefix(".") && !parts[1].isEmpty
            && parts[1].utf8.allSatisfy(isPlain)
    }

    /// Readable, and different for different URIs: `.references/example.org_money.json-1a2b3c4d.json`.
    private static func copy(of uri: String) -> String {
        let rest = uri.utf8.drop { $0 != UInt8(ascii: ":") }
        let words = rest.split { !isPlain($0) }.map { String(Substring($0)) }
        let name = words.joined(separator: "_").drop { $0 == "." }.prefix(100)
        let digest = sha256(Array(uri.utf8)).prefix(8)
        return "\(copyFolder)/\(name.isEmpty ? "" : name + "-")\(digest).json"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        ASCIISet.alphanumerics.contains(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "-")
    }

    // MARK: The file

    /// Reads the file.
    /// - Throws: `invalidPins` with line and column. The error names no file.
    package init(lock bytes: [UInt8]) throws(ContractError) {
        let document: JSONDocument
        do {
            document = try JSONDocument(bytes, limits: JSONLimits(rejectsDuplicateKeys: true))
        } catch {
            throw ContractError(.invalidPins, error.message, line: error.line, column: error.column)
        }
        do throws(ContractError) {
            try document.withRoot { root throws(ContractError) in try read(root) }
        } catch {
            throw error.located(in: document, bytes)
        }
    }

    private mutating func read(_ root: JSONValue) throws(ContractError) {
        guard root.kind == .object else { throw Self.invalid("the file must hold an object", "") }
        guard root["v"]?.number?.literal == "1" else {
            throw Self.invalid("'v' must be 1, the version of the file's form", root["v"] == nil ? "" : "/v")
        }
        guard let references = root["references"], references.kind == .object else {
            throw Self.invalid("'references' must be an object with a member for each URI", "")
        }
        for (key, _) in root.members where key.string != "v" && key.string != "references" {
            throw Self.invalid("'\(key.string)' is no member of the file", appending(key.string, to: ""))
        }
        for (key, value) in references.members {
            let pin = try Self.pin(key.string, value, at: appending(key.string, to: "/references"))
            pins[JSONName(pin.uri)] = pin
        }
    }

    private static func pin(_ uri: String, _ value: JSONValue, at pointer: String) throws(ContractError) -> Pin {
        guard try self.uri(uri, at: pointer) == uri else {
            throw invalid("'\(uri)' is not in the form that references are looked up by; pin it anew", pointer)
        }
        let sha256 = value["sha256"]?.string ?? ""
        guard sha256.utf8.count == 64, sha256.utf8.allSatisfy({ isDigit($0) }) else {
            throw invalid("'sha256' must be 64 lower-case hexadecimal digits", pointer)
        }
        guard let file = value["file"]?.string, isCopy(file) else {
            throw invalid(
                "'file' must be \(copyFolder)/ and a name of letters, digits, '.', '_' and '-'",
                pointer
            )
        }
        for (key, _) in value.members where key.string != "sha256" && key.string != "file" {
            throw invalid("'\(key.string)' is no member of a pin", appending(key.string, to: pointer))
        }
        return Pin(uri: uri, sha256: sha256, file: file)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
    }

    private static func invalid(_ message: String, _ pointer: String) -> ContractError {
        ContractError(.invalidPins, message, pointer: pointer)
    }

    /// The file's text, a line for each member so that changes are read easily.
    package var lock: String {
        let lines = all.map { pin in
            """
                \(JSON.string(pin.uri)): {
                  "sha256": "\(pin.sha256)",
                  "file": "\(pin.file)"
                }
            """
        }
        let references = lines.isEmpty ? "{}" : "{\n\(lines.joined(separator: ",\n"))\n  }"
        return "{\n  \"v\": 1,\n  \"references\": \(references)\n}\n"
    }
}
