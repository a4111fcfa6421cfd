/// Why a contract cannot be used: it is no schema, or it is not where it should be.
///
/// Says where in the schema (`pointer`) and, where a file was read, where in the file.
package struct ContractError: Error, Sendable, CustomStringConvertible {
    /// What is wrong, as a bounded label.
    package enum Code: String, Sendable, CaseIterable {
        /// The text is not JSON.
        case invalidJSON = "invalid_json"
        /// The document breaks the metaschema of its draft.
        case invalidSchema = "invalid_schema"
        /// `$schema` names nothing that is known here.
        case unknownDialect = "unknown_dialect"
        /// The metaschema asks for a vocabulary that is not known here.
        case unknownVocabulary = "unknown_vocabulary"
        /// A reference leads nowhere. Nothing is fetched; only the resolver's schemas and pinned ones exist.
        case unresolvedReference = "unresolved_reference"
        /// The file that pins remote references is not what it should be.
        case invalidPins = "invalid_pins"
        /// The copy of a pinned document is gone, or is not what was pinned.
        case brokenPin = "broken_pin"
        /// References lead back to where they started without consuming any of the instance.
        case referenceLoop = "reference_loop"
        /// A pattern is not a regular expression of ECMA-262, or needs what cannot be offered.
        case invalidPattern = "invalid_pattern"
        /// More subschemas or documents than the bound.
        case tooLarge = "too_large"
        /// No subject of that name in the store.
        case unknownSubject = "unknown_subject"
        /// The subject has no such version.
        case unknownVersion = "unknown_version"
        /// A text that names no subject and version.
        case invalidReference = "invalid_reference"
        /// `subject.yaml` is missing, unreadable or says something it must not say.
        case invalidSubject = "invalid_subject"
        /// The numbers of a subject's versions are not 1, 2, 3, …
        case versionGap = "version_gap"
        /// A file or folder cannot be read.
        case unreadable
    }

    package let code: Code
    /// A sentence: what is wrong and what to do.
    package let message: String
    /// JSON Pointer into the schema, nil when the fault has no place there.
    package var pointer: String?
    /// The file as it was given, nil when the schema came from elsewhere.
    package var file: String?
    /// From 1, nil when not known.
    package var line: Int?
    /// From 1, nil when not known.
    package var column: Int?

    /// `file:line:column: message (at /pointer) [code]`, without the parts that are not known.
    package var description: String {
        var text = ""
        if let file { text += file + ":" }
        if let line { text += "\(line):\(column ?? 1):" }
        if !text.isEmpty { text += " " }
        text += message
        if let pointer { text += " (at \(pointer.isEmpty ? "the root of the schema" : pointer))" }
        return text + " [\(code.rawValue)]"
    }

    package init(
        _ code: Code,
        _ message: String,
        pointer: String? = nil,
        file: String? = nil,
        line: Int? = nil,
        column: Int? = nil
    ) {
        self.code = code
        self.message = message
        self.pointer = pointer
        self.file = file
        self.line = line
        self.column = column
    }
}
