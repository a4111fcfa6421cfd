import Foundation

/// The cases of an enum with their documentation comments, read from its source: comments are no part of the program.
struct DocumentedCases {
    struct Case {
        let name: String
        let rawValue: String
        let meaning: String
    }

    let cases: [Case]

    /// - Parameters:
    ///   - source: a Swift file.
    ///   - type: the enum's name; its cases stand one to a line.
    init(_ source: String, of type: String) {
        var comment: [String] = []
        var found: [Case] = []
        var isInside = false
        for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
            let text = line.trimmingCharacters(in: .whitespaces)
            if line.contains("enum \(type)") {
                isInside = true
            } else if line == "}" {
                isInside = false
            } else if text.hasPrefix("///") {
                comment.append(text.dropFirst(3).trimmingCharacters(in: .whitespaces))
                continue
            } else if isInside, text.hasPrefix("case ") {
                let parts = text.dropFirst(5).split(separator: " = ", maxSplits: 1)
                let raw = parts.count == 2 ? parts[1].trimmingCharacters(in: ["\""]) : String(parts[0])
                found.append(Case(name: String(parts[0]), rawValue: raw, meaning: comment.joined(separator: " ")))
            }
            comment = []
        }
        cases = found
    }
}
