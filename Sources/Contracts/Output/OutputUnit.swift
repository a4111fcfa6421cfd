package import JSON

/// What one schema or keyword made of one place of an instance: a node of the output of 2020-12 core, section 12.
package struct OutputUnit: Sendable, Equatable {
    /// Whether it holds there.
    package var isValid: Bool
    /// The path that evaluation took from the root of the schema, references included, as a JSON Pointer.
    package let keywordLocation: String
    /// URI of the keyword in the schema resource it stands in, nil where that has no absolute one.
    package let absoluteKeywordLocation: String?
    /// JSON Pointer into the instance.
    package let instanceLocation: String
    /// Why it does not hold, where the keyword itself says so. Values of the instance stay out.
    package var error: String?
    /// What the keyword says of the place, where it is one of those that only say: those of the meta-data and content
    /// vocabularies, and `format` unless it asserts.
    package var annotation: JSON?
    /// What the schemas and keywords inside made of it, in the order of evaluation.
    package var details: [OutputUnit] = []
}

extension OutputUnit {
    /// The output for an instance that is no JSON, or has a member twice where that is refused.
    package init(notJSON error: JSONError) {
        self.init(isValid: false, keywordLocation: "", absoluteKeywordLocation: nil, instanceLocation: "")
        self.error = "the instance is not JSON: \(error)"
    }
}

/// The output formats of 2020-12 core, section 12.4.
package enum OutputFormat: String, Sendable, CaseIterable {
    /// `{"valid":false}`.
    case flag
    /// A list of all errors, or of all annotations of a valid instance.
    case basic
    /// The tree of errors or annotations, without nodes that add nothing.
    case detailed
    /// The tree of everything that was evaluated.
    case verbose
}

extension OutputUnit {
    /// The errors of an invalid unit, the annotations of a valid one, as a flat list in the order of evaluation.
    package var leaves: [OutputUnit] {
        var found: [OutputUnit] = []
        collectLeaves(into: &found)
        return found
    }

    private func collectLeaves(into found: inout [OutputUnit]) {
        if isValid ? annotation != nil : error != nil {
            var leaf = self
            leaf.details = []
            found.append(leaf)
        }
        for unit in details where unit.isValid == isValid { unit.collectLeaves(into: &found) }
    }

    /// The tree without what adds nothing: units of the other verdict, empty ones, and those with one child only.
    package var condensed: OutputUnit {
        condensedIfAny
            ?? OutputUnit(
                isValid: isValid,
                keywordLocation: keywordLocation,
                absoluteKeywordLocation: absoluteKeywordLocation,
                instanceLocation: instanceLocation
            )
    }

    private var condensedIfAny: OutputUnit? {
        var unit = self
        unit.details = details.filter { $0.isValid == isValid }.compactMap(\.condensedIfAny)
        guard isValid ? annotation == nil : error == nil else { return unit }
        return unit.details.count > 1 ? unit : unit.details.first
    }
}

extension JSONWriter {
    /// Writes the output for one instance: one object.
    package mutating func output(_ unit: OutputUnit, as format: OutputFormat) {
        switch format {
        case .flag: object { $0.member("valid", unit.isValid) }
        case .basic:
            var list = unit
            list.details = unit.leaves
            list.error = nil
            list.annotation = nil
            tree(list)
        case .detailed: tree(unit.condensed)
        case .verbose: tree(unit)
        }
    }

    private mutating func tree(_ unit: OutputUnit) {
        object { writer in
            writer.member("valid", unit.isValid)
            writer.member("keywordLocation", unit.keywordLocation)
            if let location = unit.absoluteKeywordLocation { writer.member("absoluteKeywordLocation", location) }
            writer.member("instanceLocation", unit.instanceLocation)
            if let error = unit.error { writer.member("error", error) }
            if let annotation = unit.annotation { writer.member("annotation", annotation) }
            guard !unit.details.isEmpty else { return }
            writer.array(unit.isValid ? "annotations" : "errors") { writer in
                for detail in unit.details { writer.tree(detail) }
            }
        }
    }
}
