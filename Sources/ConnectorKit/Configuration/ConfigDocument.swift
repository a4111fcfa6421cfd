/// One configuration file, read and parsed.
package struct ConfigDocument: Sendable {
    /// What a file may hold at most. Configuration is written by people; what is beyond these is an accident or an
    /// attack.
    package struct Limits: Sendable {
        /// Bytes of the file.
        package var bytes = 1 << 20
        /// Bytes of the text if every alias were written out, at most.
        package var expansion = 10 << 20
        /// Values after aliases are expanded.
        package var nodes = 50_000
        /// Sequences and mappings inside each other.
        package var depth = 64

        /// The limits of `busbar`: 1 MiB, 64 levels, 50,000 values.
        package init() {}
    }

    /// The path as it was given, for messages.
    package let file: String
    /// The text without line breaks, as libyaml counts lines.
    package let lines: [Substring]
    /// A mapping in every usable file; empty for an empty text.
    package let root: ConfigNode

    /// The source line of `location`; `nil` for values from elsewhere.
    package func line(at location: ConfigLocation) -> String? {
        guard location.file == file, (1...max(lines.count, 1)).contains(location.line), location.line <= lines.count
        else { return nil }
        return String(lines[location.line - 1])
    }
}
