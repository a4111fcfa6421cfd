internal import Crypto
package import JSON

/// What a schema is known by: its GUID, which is Confluent's, and the id that a folder derives from it.
///
/// Both are functions of the schema's text, references, metadata and rules alone. A restart, another machine, a version or
/// subject that is added or the order of the files change neither (docs/decisions/0014).
package struct SchemaIdentity: Hashable, Sendable {
    /// Lower-case hexadecimal in the form of a UUID: an MD5 as Confluent computes it. MD5 because clients compute it too,
    /// not because it would keep anybody out.
    package let guid: String
    /// 1 to 2^31 - 1: the first 31 bits of the GUID. What a folder uses; stored registries count.
    package let id: Int32

    /// - Parameters:
    ///   - text: the schema without white space, members in their order.
    ///   - references: as the registry's API gives them.
    ///   - metadata: `{"tags": {…}, "properties": {…}, "sensitive": […]}`.
    ///   - ruleSet: `{"migrationRules": […], "domainRules": […], "encodingRules": […], "enableAt": …}`.
    package init(
        text: [UInt8],
        references: [RegisteredReference] = [],
        metadata: JSON? = nil,
        ruleSet: JSON? = nil
    ) {
        var hash = SchemaHash()
        hash.add(text)
        for reference in references { hash.add(reference) }
        if let metadata { hash.add(metadata: metadata) }
        if let ruleSet { hash.add(ruleSet: ruleSet) }
        let digest = hash.digest
        guid = Self.uuid(digest)
        let first = digest.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        // Clients take 0 for "no id".
        id = max(1, Int32(truncatingIfNeeded: first & 0x7FFF_FFFF))
    }

    /// The 16 bytes of the GUID.
    var digest: [UInt8] {
        let digits = guid.utf8.filter { $0 != UInt8(ascii: "-") }
        return stride(from: 0, to: digits.count, by: 2).map { index in
            UInt8(String(decoding: digits[index..<(index + 2)], as: UTF8.self), radix: 16) ?? 0
        }
    }

    private static func uuid(_ digest: [UInt8]) -> String {
        var text = ""
        for (index, byte) in digest.enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            let digits = String(byte, radix: 16)
            text += digits.count == 1 ? "0" + digits : digits
        }
        return text
    }
}

/// The order in which Confluent feeds a schema's parts to MD5; found out and held by its golden GUIDs.
private struct SchemaHash {
    private var hash = Insecure.MD5()

    var digest: [UInt8] { Array(hash.finalize()) }

    mutating func add(_ bytes: [UInt8]) { hash.update(data: bytes) }

    private mutating func add(_ text: String?) { hash.update(data: Array((text ?? "").utf8)) }

    mutating func add(_ reference: RegisteredReference) {
        add(reference.name)
        add(reference.subject)
        let version = UInt32(bitPattern: Int32(clamping: reference.version))
        add((0..<4).map { UInt8(truncatingIfNeeded: version >> (24 - 8 * $0)) })
    }

    mutating func add(metadata: JSON) {
        add([1])
        for (key, values) in Self.sorted(metadata["tags"]) {
            add(key)
            for value in Self.sortedTexts(values) { add(value) }
        }
        for (key, value) in Self.sorted(metadata["properties"]) {
            add(key)
            add(value.string)
        }
        for value in Self.sortedTexts(metadata["sensitive"] ?? []) { add(value) }
    }

    mutating func add(ruleSet: JSON) {
        add([1])
        for list in ["migrationRules", "domainRules", "encodingRules"] {
            for rule in ruleSet[list]?.elements ?? [] { add(rule: rule) }
        }
        add(ruleSet["enableAt"]?.string)
    }

    private mutating func add(rule: JSON) {
        for name in ["name", "doc", "kind", "mode", "type"] { add(rule[name]?.string) }
        for tag in Self.sortedTexts(rule["tags"] ?? []) { add(tag) }
        for (key, value) in Self.sorted(rule["params"]) {
            add(key)
            add(value.string)
        }
        for name in ["expr", "onSuccess", "onFailure"] { add(rule[name]?.string) }
        if rule["disabled"]?.boolValue == true { add([1]) }
    }

    private static func sorted(_ object: JSON?) -> [(String, JSON)] {
        (object?.members ?? []).sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
    }

    private static func sortedTexts(_ list: JSON) -> [String] {
        (list.elements ?? []).compactMap(\.string).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
