internal import Yams

/// Puts the YAML library's errors into our words, at the place where a person would look.
struct YAMLDiagnosis {
    let file: String
    let lines: [Substring]

    func diagnostic(of error: YamlError) -> Diagnostic {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _):
            return malformed(problem, at: mark)
        case .composer(_, let problem, let mark, _):
            if problem.contains("another document") {
                return Diagnostic(
                    .severalDocuments,
                    at: location(mark),
                    "a second YAML document starts here",
                    fix: "Keep one document per file: move what follows `---` into a file of its own."
                )
            }
            return malformed(problem, at: mark)
        case .duplicatedKeysInMapping(let keys, let context):
            return duplicate(keys.first ?? "", first: context.mark)
        case .reader(let problem, let offset, _, let text):
            return Diagnostic(
                .malformedYAML,
                at: location(ofOffset: offset ?? 0, in: text),
                "the text is not YAML: \(problem)",
                fix: "Remove the character; files are UTF-8 without control characters."
            )
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return malformed("the reader gave up", at: nil)
        }
    }

    private func malformed(_ problem: String, at mark: Mark?) -> Diagnostic {
        Diagnostic(.malformedYAML, at: location(mark), "the text is not YAML: \(problem)", fix: advice(for: problem))
    }

    /// What most often leads to libyaml's messages (`scanner.c`, `parser.c`).
    private func advice(for problem: String) -> String {
        switch problem {
        case let text where text.contains("cannot start any token"):
            "Put the value in quotes, and indent with spaces, not tabs."
        case let text where text.contains("mapping values are not allowed"):
            "Put a value that holds `: ` in quotes, or check the indentation."
        case let text where text.contains("could not find expected ':'"):
            "Write `key: value`, with a space after the colon."
        case let text where text.contains("undefined alias"):
            "Put a value that starts with `*` in quotes, or define the anchor before the alias."
        case let text where text.contains("expected ',' or"):
            "Close the `[` or `{` that is open here."
        case let text where text.contains("unexpected end of stream"):
            "Close the quote that is open here."
        case let text where text.contains("nesting"):
            "Flatten the file."
        default: "Check indentation, quotes and brackets on this line and the one before."
        }
    }

    /// The library reports the first of the equal keys; people look for the second.
    private func duplicate(_ key: String, first mark: Mark) -> Diagnostic {
        let second = lines.indices.dropFirst(mark.line).first { index in
            let indented = lines[index].unicodeScalars.dropFirst(mark.column - 1)
            let lead = lines[index].unicodeScalars.prefix(mark.column - 1)
            return lead.allSatisfy { " -".unicodeScalars.contains($0) } && Self.isKey(key, at: String(indented))
        }
        let place = second.map { ConfigLocation(file: file, line: $0 + 1, column: mark.column) } ?? location(mark)
        return Diagnostic(
            .duplicateKey,
            at: place,
            "the key `\(key)` stands twice in this mapping, first on line \(mark.line)",
            fix: "Keep one of them."
        )
    }

    private static func isKey(_ key: String, at text: String) -> Bool {
        [key, "\"\(key)\"", "'\(key)'"].contains { text.hasPrefix($0 + ":") || text.hasPrefix($0 + " :") }
    }

    private func location(_ mark: Mark?) -> ConfigLocation {
        ConfigLocation(file: file, line: mark?.line ?? 1, column: mark?.column ?? 1)
    }

    private func location(ofOffset offset: Int, in text: String) -> ConfigLocation {
        let before = text.prefix(offset)
        let line = before.count { $0.isNewline } + 1
        let column =
            before.unicodeScalars.count
            - (before.lastIndex { $0.isNewline }.map { before[...$0].unicodeScalars.count } ?? 0)
        return ConfigLocation(file: file, line: line, column: column + 1)
    }
}
