/// What a user writes to name a contract: `github.issues` for the latest version, `github.issues@v2` for one.
package struct SchemaReference: Hashable, Sendable, CustomStringConvertible {
    package let subject: SchemaSubject
    /// From 1; nil means the latest.
    package let version: Int?

    package var description: String { subject.name + (version.map { "@v\($0)" } ?? "") }

    package init(subject: SchemaSubject, version: Int? = nil) {
        self.subject = subject
        self.version = version
    }

    /// Parses `SUBJECT` or `SUBJECT@vN`.
    /// - Throws: `invalidReference` when the subject is no name or the version is not `v` and a number from 1.
    package init(_ text: String) throws(ContractError) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        subject = try SchemaSubject(String(parts[0]))
        guard parts.count == 2 else {
            version = nil
            return
        }
        guard let version = Self.version(named: parts[1]) else {
            throw ContractError(
                .invalidReference,
                "'\(text)' names no version: write SUBJECT or SUBJECT@vN, with N from 1 and no leading zero"
            )
        }
        self.version = version
    }

    /// The number in `v1`, `v2`, …; nil for any other text.
    static func version(named text: Substring) -> Int? {
        guard text.first == "v", let number = Int(text.dropFirst()), number >= 1, "v\(number)" == text else {
            return nil
        }
        return number
    }
}
