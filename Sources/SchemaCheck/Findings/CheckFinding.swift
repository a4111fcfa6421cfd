package import Contracts
package import JSON
package import Traffic

/// One thing that a check of contracts has to say.
package struct CheckFinding: Sendable {
    /// What it means for who asked.
    package enum Severity: String, Sendable, CaseIterable {
        /// The change must not land.
        case error
        /// Allowed, but worth a thought.
        case warning
    }

    /// Where in a file.
    package struct Place: Sendable, Equatable {
        /// The path as the command was given it.
        package var file: String
        /// JSON Pointer, nil where the file is no JSON or the whole of it is meant.
        package var pointer: String?
        /// From 1; nil where the file as a whole is meant.
        package var line: Int?
        /// In Unicode scalars, from 1.
        package var column: Int?

        package init(_ file: String, pointer: String? = nil, line: Int? = nil, column: Int? = nil) {
            self.file = file
            self.pointer = pointer
            self.line = line
            self.column = column
        }

        /// `file:line:column`, without what is not known.
        package var text: String { line.map { "\(file):\($0):\(column ?? 1)" } ?? file }
    }

    /// What two versions differ in.
    package struct Change: Sendable {
        /// Numbers of the versions that the new one was compared with and that it breaks in this way, newest first.
        package var against: [Int]
        package var direction: CompatibilityLevel.Direction
        /// As Confluent's registry writes it, such as `#/properties/a/maxLength`.
        package var path: String
        /// Where it stood in the newest of `against`.
        package var oldPointer: String?
        /// What stood there; nil when nothing did.
        package var old: JSON?
        /// What stands there now; nil when nothing does.
        package var new: JSON?
        /// A document that one of the versions accepts and the other refuses.
        package var counterexample: JSON?
        /// Why it is refused.
        package var refusal: String?
    }

    /// Records of a topic that have the same thing wrong under a new version.
    package struct Records: Sendable, Equatable {
        package var topic: String
        /// How many.
        package var count: Int
        /// How many of the topic's records were read.
        package var total: Int
        /// The first of them, by partition and offset.
        package var examples: [TrafficReport.Example]
    }

    /// The kind of finding: a name of ``CheckRule``, of `SchemaLint`, or of `SchemaDifference`.
    package var rule: String
    package var severity: Severity
    /// The subject that it is about.
    package var subject: String
    /// The version that it is about, from 1; nil for the subject as a whole.
    package var version: Int?
    /// A sentence without a stop.
    package var message: String
    package var place: Place
    /// For findings of the comparison with earlier versions.
    package var change: Change?
    /// For findings of a topic.
    package var records: Records?
    /// What could be done, each a sentence, the best first.
    package var advice: [String]

    package init(
        _ rule: String,
        _ severity: Severity,
        subject: String,
        version: Int? = nil,
        _ message: String,
        at place: Place,
        change: Change? = nil,
        records: Records? = nil,
        advice: [String] = []
    ) {
        self.rule = rule
        self.severity = severity
        self.subject = subject
        self.version = version
        self.message = message
        self.place = place
        self.change = change
        self.records = records
        self.advice = advice
    }

    /// The same for the same finding of a later run, though lines have moved.
    package var fingerprint: String {
        let version = version.map { "v\($0)" } ?? "-"
        let direction = change?.direction.rawValue ?? "-"
        return [rule, subject, version, direction, place.file, place.pointer ?? change?.path ?? ""]
            .joined(separator: "|")
    }

    /// Where in the schema, such as `#/properties/a/maxLength`; nil where that is no part of what is found.
    var path: String? {
        change?.path ?? (rule == CheckRule.recordsRejected.rawValue ? place.pointer.map { "#\($0)" } : nil)
    }

    /// `orders v2`.
    package var title: String { version.map { "\(subject) v\($0)" } ?? subject }
}
