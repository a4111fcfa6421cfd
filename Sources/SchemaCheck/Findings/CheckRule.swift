/// The kinds of finding that are the check's own; the others are those of `SchemaLint` and of `SchemaDifference`.
package enum CheckRule: String, Sendable, CaseIterable {
    case versionEdited = "VERSION_EDITED"
    case versionDeleted = "VERSION_DELETED"
    case versionGap = "VERSION_GAP"
    case subjectDeleted = "SUBJECT_DELETED"
    case subjectInvalid = "SUBJECT_INVALID"
    case levelLowered = "LEVEL_LOWERED"
    case pinInvalid = "PIN_INVALID"
    case referenceEdited = "REFERENCE_EDITED"
    case schemaInvalid = "SCHEMA_INVALID"
    case exampleInvalid = "EXAMPLE_INVALID"
    case counterexampleValid = "COUNTEREXAMPLE_VALID"
    case fieldReadGone = "FIELD_READ_GONE"
    case fieldWrittenGone = "FIELD_WRITTEN_GONE"
    case recordsRejected = "RECORDS_REJECTED"
    case recordsUnreadable = "RECORDS_UNREADABLE"

    /// A sentence: what findings of this kind say.
    package var meaning: String {
        switch self {
        case .versionEdited: "A released version was changed; versions never change, a change is a new version."
        case .versionDeleted: "A released version was removed; records that obey it may still be there."
        case .versionGap: "The files of a subject are not v1.json, v2.json and so on without a gap."
        case .subjectDeleted: "A subject with released versions was removed."
        case .subjectInvalid: "The folder or its subject.yaml says something that it must not say."
        case .levelLowered: "The subject promises less than it did; changes are compared under the new level."
        case .pinInvalid: "The file of pins cannot be used, or a copy is not what was pinned."
        case .referenceEdited:
            "A released version refers to a remote document whose pin was changed or removed, which changes the version."
        case .schemaInvalid: "The file is no JSON Schema that can be used."
        case .exampleInvalid: "An example does not obey the version that it is an example of."
        case .counterexampleValid: "A document that should be refused is accepted."
        case .fieldReadGone: "A connector reads a member that the newest version no longer lists."
        case .fieldWrittenGone: "A connector writes a member that the newest version no longer lists."
        case .recordsRejected: "The newest version refuses records that are in a topic."
        case .recordsUnreadable: "Records of a topic could not be held against the newest version."
        }
    }
}

extension CheckFinding {
    /// A finding of the check's own.
    init(
        _ rule: CheckRule,
        _ severity: Severity = .error,
        subject: String,
        version: Int? = nil,
        _ message: String,
        at place: Place,
        records: Records? = nil,
        advice: [String] = []
    ) {
        self.init(
            rule.rawValue,
            severity,
            subject: subject,
            version: version,
            message,
            at: place,
            records: records,
            advice: advice
        )
    }
}
