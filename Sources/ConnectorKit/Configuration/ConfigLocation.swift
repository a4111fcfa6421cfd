/// A place in a configuration file; lines and columns count from 1, columns in Unicode scalars.
public struct ConfigLocation: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The path as it was given on the command line, or a name such as `environment` for values from elsewhere.
    public var file: String
    /// 0 where the value has no place in a text (a default, an environment variable).
    public var line: Int
    /// From 1, in Unicode scalars; 0 without a line.
    public var column: Int

    /// A place in a text.
    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// A value that comes from `origin` as a whole and not from a line of text.
    public init(origin: String) {
        self.init(file: origin, line: 0, column: 0)
    }

    /// `file:line:column`, or the origin alone.
    public var description: String {
        line == 0 ? file : "\(file):\(line):\(column)"
    }

    /// By file, then line, then column.
    public static func < (left: ConfigLocation, right: ConfigLocation) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}
