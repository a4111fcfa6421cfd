/// The URI under which schemas of a folder know each other: `busbar:/schemas/<subject>/v<N>.json`.
package struct SchemaAddress: Hashable, Sendable {
    package let subject: SchemaSubject
    /// From 1.
    package let version: Int

    private static let prefix = "busbar:/schemas/"

    package init(subject: SchemaSubject, version: Int) {
        self.subject = subject
        self.version = version
    }

    /// Takes a URI apart; nil for any other form, so that none leads out of a folder.
    package init?(_ uri: String) {
        guard uri.hasPrefix(Self.prefix) else { return nil }
        let parts = uri.dropFirst(Self.prefix.count).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].hasSuffix(".json"),
            let version = SchemaReference.version(named: parts[1].dropLast(5)),
            case .success(let subject) = Result(catching: { () throws(ContractError) in
                try SchemaSubject(String(parts[0]))
            })
        else { return nil }
        self.init(subject: subject, version: version)
    }

    package var uri: String { "\(Self.prefix)\(subject)/v\(version).json" }
}
