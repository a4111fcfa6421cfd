package import Contracts

/// What was found in one subject.
package struct SubjectReport: Sendable {
    package let name: String
    /// The folder of contracts, as the command was given it.
    package let folder: String
    /// What versions were compared under.
    package internal(set) var level = CompatibilityLevel.backward
    /// Numbers of new versions.
    package internal(set) var versions: [Int] = []
    /// The newest version, where it is new and can be used.
    package internal(set) var newest: ComparedSchema?
    /// The newest version that was released, where there is a ``newest`` after it.
    package internal(set) var previous: ComparedSchema?
    /// In the order in which they were found.
    package internal(set) var findings: [CheckFinding] = []

    init(name: String, folder: String) {
        self.name = name
        self.folder = folder
    }

    package var errors: Int { findings.count { $0.severity == .error } }
    package var warnings: Int { findings.count { $0.severity == .warning } }
}

/// What a check came to.
package struct CheckReport: Sendable {
    /// The subjects that differ from what was released, by name.
    package internal(set) var subjects: [SubjectReport]
    /// Subjects that were looked at.
    package private(set) var count: Int
    /// What they were held against.
    package let base: String
    package let policy: CompatibilityPolicy

    init(subjects: [SubjectReport], count: Int, base: String, policy: CompatibilityPolicy) {
        self.subjects = subjects
        self.count = count
        self.base = base
        self.policy = policy
    }

    package var findings: [CheckFinding] { subjects.flatMap(\.findings) }
    package var errors: Int { subjects.reduce(0) { $0 + $1.errors } }
    package var warnings: Int { subjects.reduce(0) { $0 + $1.warnings } }

    /// `2 errors, 1 warning in 1 of 12 subjects; 1 changed against git origin/main`.
    package var summary: String {
        let found = subjects.count { !$0.findings.isEmpty }
        return "\(Self.counted(errors, "error")), \(Self.counted(warnings, "warning")) in \(found) of "
            + "\(Self.counted(count, "subject")); \(subjects.count) changed against \(base)"
    }

    /// Both reports in one: those of two folders against one base.
    package mutating func add(_ other: CheckReport) {
        subjects += other.subjects
        count += other.count
    }

    private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
