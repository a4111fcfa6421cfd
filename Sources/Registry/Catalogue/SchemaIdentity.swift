internal import Crypto

/// What a schema is known by: its GUID, which is Confluent's, and the id that is derived from it.
///
/// Both are functions of the schema's text and references alone. A restart, another machine, a version or subject that is
/// added or the order of the files change neither (docs/decisions/0014).
package struct SchemaIdentity: Hashable, Sendable {
    /// Lower-case hexadecimal in the form of a UUID: the MD5 of text and references, as Confluent computes it. MD5
    /// because clients compute it too, not because it would keep anybody out.
    package let guid: String
    /// 1 to 2^31 - 1: the first 31 bits of the GUID.
    package let id: Int32

    /// - Parameters:
    ///   - text: the schema without white space, members in their order.
    ///   - references: as the registry's API gives them.
    package init(text: [UInt8], references: [RegisteredReference] = []) {
        var hash = Insecure.MD5()
        hash.update(data: text)
        for reference in references {
            hash.update(data: Array(reference.name.utf8))
            hash.update(data: Array(reference.subject.utf8))
            let version = UInt32(clamping: reference.version)
            hash.update(data: (0..<4).map { UInt8(truncatingIfNeeded: version >> (24 - 8 * $0)) })
        }
        let digest = Array(hash.finalize())
        guid = Self.uuid(digest)
        let first = digest.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        // Clients take 0 for "no id".
        id = max(1, Int32(truncatingIfNeeded: first & 0x7FFF_FFFF))
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
