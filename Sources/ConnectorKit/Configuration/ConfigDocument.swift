/// One configuration file, read and parsed.
package struct ConfigDocument: Sendable {
    /// What a file may hold at most. Configuration is written by people; what is beyond these is an accident or an attack.
    package struct Limits: Sendable {
        /// Bytes of the file.
        package var bytes = 1 << 20
        /// Bytes of the text if every alias were written out, at most.
        package var expansion = 10 << 20
        /// Values after aliases are expanded.
        package var nodes = 50_000
        /// Sequences and mappings inside each other.
        package var depth = 64

        package init() {}
    }

    package let file: String
    package let lines: [Substring]
    package let root: ConfigNode

    /// The source line of `location`; `nil` for values from elsewhere.
    package func line(at location: ConfigLocation) -> String? {
        guard location.file == file, (1...max(lines.count, 1)).contains(location.line), location.line <= lines.count
        else { return nil }
        return String(lines[location.line - 1])
    }
}
