/// Configuration that cannot be used, with every finding that makes it so.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// In the order of the file; never empty, and at least one is an error.
    public let diagnostics: [Diagnostic]

    /// - Precondition: `diagnostics` is not empty.
    public init(_ diagnostics: [Diagnostic]) {
        precondition(!diagnostics.isEmpty, "an error without a finding")
        self.diagnostics = diagnostics
    }

    /// A single finding, as a connector's factory reports it: `location` is `fields.location(of: "url")`.
    public init(_ code: DiagnosticCode, at location: ConfigLocation, _ message: String, fix: String = "") {
        self.init([Diagnostic(code, at: location, message, fix: fix)])
    }

    /// The code of the first finding.
    public var code: DiagnosticCode { diagnostics[0].code }

    /// Every finding as text, without secrets.
    public var description: String {
        diagnostics.map(\.description).joined(separator: "\n")
    }
}
