internal import ArgumentParser
internal import Contracts
internal import JSON
internal import SchemaCheck

/// What a comparison found, as text and JSON. Old and new are the files that the user named, in either direction.
struct DifferenceView {
    /// A difference with the sides of the user.
    private struct Row {
        let difference: SchemaDifference
        let direction: CompatibilityLevel.Direction

        private var isBackward: Bool { direction == .backward }
        var oldPointer: String? { isBackward ? difference.oldPointer : difference.newPointer }
        var newPointer: String? { isBackward ? difference.newPointer : difference.oldPointer }
        var old: JSON? { isBackward ? difference.old : difference.new }
        var new: JSON? { isBackward ? difference.new : difference.old }
    }

    private let rows: [Row]
    private let verdict: SchemaComparison.Verdict
    private let old: ComparedSource
    private let new: ComparedSource
    private let oldPlaces: SchemaPlaces
    private let newPlaces: SchemaPlaces
    private let style: Style

    /// - Throws: never for schemas that compiled.
    init(_ check: CompatibilityCheck, old: ComparedSource, new: ComparedSource, style: Style) throws {
        rows = check.findings.flatMap { finding in
            finding.comparison.differences.map { Row(difference: $0, direction: finding.direction) }
        }
        verdict = check.verdict
        (self.old, self.new, self.style) = (old, new, style)
        oldPlaces = try SchemaPlaces(old.schema)
        newPlaces = try SchemaPlaces(new.schema)
    }

    // MARK: JSON

    /// DESIGN.md section 4's object.
    var json: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("verdict", verdict.rawValue)
            writer.array("differences") { writer in
                for row in rows { write(row, to: &writer) }
            }
        }
        return writer.text
    }

    private func write(_ row: Row, to writer: inout JSONWriter) {
        let difference = row.difference
        writer.object { writer in
            writer.member("rule", difference.rule)
            writer.member("path", difference.path)
            writer.member("old", row.old ?? .null)
            writer.member("new", row.new ?? .null)
            writer.member("counterexample", difference.counterexample ?? .null)
            writer.array("advice") { writer in
                for sentence in difference.advice { writer.value(sentence) }
            }
            writer.member("effect", difference.effect.rawValue)
            writer.member("direction", row.direction.rawValue)
            writer.member("old_pointer", row.oldPointer.map(JSON.string) ?? .null)
            writer.member("new_pointer", row.newPointer.map(JSON.string) ?? .null)
            writer.member("reason", difference.reason.map(JSON.string) ?? .null)
            writer.member("error", difference.violation.map { .string($0.message) } ?? .null)
        }
    }

    // MARK: Text

    /// `2 errors, 1 harmless difference: incompatible`.
    var summary: String {
        let errors = rows.count { $0.difference.effect == .incompatible }
        let unknown = rows.count { $0.difference.effect == .unknown }
        let harmless = rows.count - errors - unknown
        var parts: [String] = []
        if errors > 0 { parts.append(counted(errors, "error")) }
        if unknown > 0 { parts.append("\(unknown) unknown") }
        if harmless > 0 || parts.isEmpty { parts.append(counted(harmless, "harmless difference")) }
        return parts.joined(separator: ", ") + ": " + verdict.rawValue
    }

    /// A line for what was compared, then each difference: those that break first.
    func text(level: CompatibilityLevel, policy: CompatibilityPolicy) -> String {
        let drafts = [old.schema.draft, new.schema.draft].map(\.rawValue)
        let draft = drafts[0] == drafts[1] ? drafts[0] : drafts.joined(separator: " -> ")
        let head =
            "\(style.bold("\(old.name) -> \(new.name)"))   level \(level.rawValue), policy \(policy.rawValue), \(draft)\n"
        let order: [SchemaDifference.Effect] = [.incompatible, .unknown, .compatible]
        let blocks = order.flatMap { effect in
            rows.filter { $0.difference.effect == effect }.map { text($0, isBoth: level == .full) }
        }
        return head + blocks.joined()
    }

    private func text(_ row: Row, isBoth: Bool) -> String {
        let difference = row.difference
        let label =
            switch difference.effect {
            case .incompatible: style.red("ERROR  ")
            case .unknown: style.yellow("UNKNOWN")
            case .compatible: style.green("ok     ")
            }
        let direction = isBoth ? "  (\(row.direction.rawValue))" : ""
        var text = "  \(label)  \(difference.rule)  \(difference.path)  \(style.dim(place(row)))\(direction)\n"
        guard difference.effect != .compatible else { return text }
        var lines: [String] = []
        if row.old != nil || row.new != nil {
            lines.append("old: \(Self.short(row.old))   new: \(Self.short(row.new))")
        }
        if let document = difference.counterexample {
            let accepted = row.direction == .backward ? (old.name, new.name) : (new.name, old.name)
            lines.append("data that breaks: \(document.description)")
            let why = difference.violation.map { ": \($0.message)" } ?? ""
            lines.append("                  valid under \(accepted.0); refused by \(accepted.1)\(why)")
        }
        if let reason = difference.reason { lines.append(reason) }
        for (index, sentence) in difference.advice.enumerated() {
            lines.append((index == 0 ? "fix: " : "     ") + sentence)
        }
        for line in lines { text += "           \(line)\n" }
        return text
    }

    /// `file:line:column` of where it is written in the new schema, else in the old one.
    private func place(_ row: Row) -> String {
        if let pointer = row.newPointer { return place(pointer, new, newPlaces) }
        if let pointer = row.oldPointer { return place(pointer, old, oldPlaces) }
        return ""
    }

    private func place(_ pointer: String, _ source: ComparedSource, _ places: SchemaPlaces) -> String {
        guard let place = places.nearest(to: pointer) else { return pointer }
        return "\(source.file):\(place.line):\(place.column)"
    }

    /// A value on one line, cut where it is long.
    private static func short(_ json: JSON?) -> String {
        guard let json else { return "absent" }
        let text = json.description
        return text.count <= 80 ? text : text.prefix(77) + "..."
    }
}
