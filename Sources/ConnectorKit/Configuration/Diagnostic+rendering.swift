extension Diagnostic {
    /// The finding as compilers show theirs: place and message, the line with a caret, what to do.
    ///
    /// ```
    /// connectors/a.yaml:12:3: error: unknown key `in_flght` in `delivery` [BB1010]
    ///   in_flght: 64
    ///   ^
    ///   fix: Did you mean `in_flight`?
    /// ```
    package var rendered: String {
        var lines = [description]
        if let excerpt {
            lines.append(excerpt.line)
            lines.append(Self.margin(under: excerpt) + "^")
        }
        if !fix.isEmpty { lines.append("  fix: \(fix)") }
        return lines.joined(separator: "\n")
    }

    /// Tabs stay tabs, so that the caret stands under its column whatever a tab's width.
    private static func margin(under excerpt: Excerpt) -> String {
        String(excerpt.line.unicodeScalars.prefix(excerpt.column - 1).map { $0 == "\t" ? "\t" : " " })
    }

    /// One JSON object on one line: `{"v":1,"code","severity","file","line","column","message","fix"}`.
    package var json: String {
        JSONText.render(
            .object([
                ("v", .raw("1")),
                ("code", .text(code.rawValue)),
                ("severity", .text(severity.rawValue)),
                ("file", .text(location.file)),
                ("line", .raw("\(location.line)")),
                ("column", .raw("\(location.column)")),
                ("message", .text(message)),
                ("fix", .text(fix)),
            ])
        )
    }
}
