/// Bounds that a parser puts on a document before and while it reads it.
package struct JSONLimits: Sendable, Equatable {
    /// Largest document that the tape can address: 30 bits hold any distance between two of its entries.
    package static let largestDocument = 1 << 30

    /// Arrays and objects open at the same time; default 512. The parser itself does not recurse,
    /// so any value is safe for it; the bound protects what reads the document afterwards.
    package var maxDepth: Int

    /// Bytes of a document; default 64 MiB, never above `largestDocument` (1 GiB).
    package var maxBytes: Int

    /// Whether a member name that occurs twice in one object is an error; default no: the last one counts.
    package var rejectsDuplicateKeys: Bool

    /// Values below 1 count as 1, a `maxBytes` above `largestDocument` as that.
    package init(maxDepth: Int = 512, maxBytes: Int = 64 << 20, rejectsDuplicateKeys: Bool = false) {
        self.maxDepth = max(1, maxDepth)
        self.maxBytes = min(max(1, maxBytes), Self.largestDocument)
        self.rejectsDuplicateKeys = rejectsDuplicateKeys
    }
}
