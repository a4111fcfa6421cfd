/// A contract as a connector names it: `github.issues`, or `github.issues@v2` for one version.
/// `github.issues@latest` is the former.
package struct SubjectReference: Sendable, Hashable, CustomStringConvertible {
    /// The name without a version.
    package let subject: String
    /// From 1; `nil` is the latest.
    package let version: Int?

    /// `nil` where `text` is no subject: letters, digits, `.`, `_` and `-`, at most 249, then maybe `@v` and a number, or
    /// `@latest`.
    package init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard let name = parts.first, (1...249).contains(name.utf8.count), parts.count <= 2, !name.hasPrefix("."),
            name.unicodeScalars.allSatisfy({
                $0.isASCII
                    && ($0.properties.isAlphabetic || $0.properties.numericType != nil
                        || "._-".unicodeScalars.contains($0))
            })
        else { return nil }
        subject = String(name)
        guard parts.count == 2 else {
            version = nil
            return
        }
        guard parts[1] != "latest" else {
            version = nil
            return
        }
        guard parts[1].hasPrefix("v"), let number = ScalarGrammar.integer(String(parts[1].dropFirst())), number > 0
        else { return nil }
        version = number
    }

    /// As it is written in files.
    package var description: String { version.map { "\(subject)@v\($0)" } ?? subject }
}
