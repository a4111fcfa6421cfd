internal import Log

extension FieldType {
    /// The type in the words of messages and documentation, with an article.
    package var words: String {
        switch self {
        case .string: "text"
        case .secret: "a secret"
        case .int: "a whole number"
        case .double: "a number"
        case .bool: "`true` or `false`"
        case .duration: "a duration"
        case .size: "a size"
        case .rate: "a rate"
        case .percentage: "a percentage"
        case .choice(let words): "one of " + words.quoted
        case .list: "a sequence"
        case .map, .object: "a mapping"
        case .union(let choices, _): "a mapping with one of " + choices.map(\.name).quoted
        case .oneOf(let shapes):
            shapes.map { $0.words + ($0.range.map { " (\($0))" } ?? "") }.joined(separator: ", or ")
        case .jq: "a jq program"
        case .topic: "a topic"
        case .topicPattern: "a topic or a pattern of topics"
        case .subject: "a contract"
        case .url: "an http or https address"
        case .path: "a path"
        case .json: "any value"
        }
    }

    /// The type in one or two words for tables.
    package var label: String {
        switch self {
        case .int: "whole number"
        case .bool: "boolean"
        case .choice(let words): words.quoted
        case .list(let element, _): "list of " + element.label
        case .map(let value): "mapping to " + value.label
        case .object, .union: "mapping"
        case .oneOf(let shapes): shapes.map(\.label).joined(separator: " or ")
        case .url: "address"
        case .secret: "text"
        case .topicPattern: "topic or pattern"
        case .json: "any"
        case .string, .double, .duration, .size, .rate, .percentage, .jq, .topic, .subject, .path:
            words.hasPrefix("a ") ? String(words.dropFirst(2)) : words
        }
    }

    /// How a value may look, for fixes; `nil` where the words say it all.
    var sample: String? {
        switch self {
        case .int(let range): "\(min(max(range.lowerBound, 10), range.upperBound))"
        case .double(let range): "\(range.lowerBound)"
        case .bool: "true"
        case .duration: "10s"
        case .size: "1MiB"
        case .rate: "50/s"
        case .percentage: "99.9%"
        case .choice(let words): words.first
        case .secret: "${secret:name}"
        case .jq: "'.action == \"opened\"'"
        case .topic, .topicPattern, .subject: "github.issues"
        case .url: "https://example.org/api"
        case .path: "fixtures/event.json"
        case .string, .list, .map, .object, .union, .oneOf, .json: nil
        }
    }

    /// The units that a grammar takes.
    var units: String? {
        switch self {
        case .duration: "a number and one of `ms`, `s`, `m`, `h`, `d`"
        case .size: "a number and one of `B`, `KB`, `KiB`, `MB`, `MiB`, `GB`, `GiB`"
        case .rate: "a number and one of `/s`, `/m`, `/h`"
        case .percentage: "a number from 0 to 100 and `%`"
        default: nil
        }
    }

    /// The range as `1-1000`; `nil` where it bounds nothing.
    package var range: String? {
        switch self {
        case .int(let range): Self.text(range.lowerBound, range.upperBound, Int.min, Int.max) { String($0) }
        case .double(let range): "\(range.lowerBound)-\(range.upperBound)"
        case .duration(let range):
            Self.text(range.lowerBound, range.upperBound, .zero, .seconds(315_360_000)) { ScalarGrammar.text($0) }
        case .size(let range):
            Self.text(range.lowerBound, range.upperBound, 1, Int.max) { ScalarGrammar.text(bytes: $0) }
        case .list(_, let count) where count != 0...10_000:
            Self.text(count.lowerBound, count.upperBound, 0, 10_000) { "\($0)" }.map { $0 + " elements" }
        default: nil
        }
    }

    private static func text<Bound: Equatable>(
        _ lower: Bound,
        _ upper: Bound,
        _ least: Bound,
        _ most: Bound,
        _ text: (Bound) -> String
    ) -> String? {
        switch (lower == least, upper == most) {
        case (true, true): nil
        case (true, false): "at most \(text(upper))"
        case (false, true): "at least \(text(lower))"
        case (false, false): "\(text(lower))-\(text(upper))"
        }
    }
}

extension Sequence<String> {
    /// `` `a`, `b`, `c` ``
    var quoted: String { map { "`\($0)`" }.joined(separator: ", ") }
}
