/// One finding about a configuration file: where, what with its value, and what to do.
///
/// The value of a secret is never part of one: messages about secret fields name the field only, and ``excerpt`` has
/// secret values and the values of unknown keys blotted out.
public struct Diagnostic: Error, Sendable, Hashable, CustomStringConvertible {
    /// Whether a connector with this finding may run.
    public enum Severity: String, Sendable, Hashable {
        case error, warning
    }

    /// What kind of finding it is; stable.
    public var code: DiagnosticCode
    /// Errors keep a connector from running.
    public var severity: Severity
    /// Where to look.
    public var location: ConfigLocation
    /// What is wrong, with the value.
    public var message: String
    /// What to do about it, as a sentence in the imperative; empty when the message says it all.
    public var fix: String
    /// The line of the file, with secrets blotted out; `nil` where there is none to show.
    public var excerpt: Excerpt?

    /// A line of a file, and the column in it that the finding is about.
    public struct Excerpt: Sendable, Hashable {
        /// Without its line break.
        public var line: String
        /// From 1, in Unicode scalars of ``line``: blotting out moves columns.
        public var column: Int

        /// An excerpt that holds nothing secret: the caller answers for it.
        public init(line: String, column: Int) {
            self.line = line
            self.column = column
        }
    }

    /// A finding whose texts hold nothing secret: the caller answers for it.
    public init(
        _ code: DiagnosticCode,
        _ severity: Severity = .error,
        at location: ConfigLocation,
        _ message: String,
        fix: String = "",
        excerpt: Excerpt? = nil
    ) {
        self.code = code
        self.severity = severity
        self.location = location
        self.message = message
        self.fix = fix
        self.excerpt = excerpt
    }

    /// The first line of ``rendered``.
    public var description: String {
        "\(location): \(severity.rawValue): \(message) [\(code.rawValue)]"
    }
}
