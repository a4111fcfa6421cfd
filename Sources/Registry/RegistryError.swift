/// What the registry answers instead of what was asked for.
///
/// `code` is the `error_code` of Confluent's registry API, `message` its `message`. Messages of reads begin with the words
/// that Confluent's clients know.
package struct RegistryError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The codes this server gives, by the numbers of Confluent's `Errors` class; three digits are plain HTTP.
    package enum Code: Int, Sendable, CaseIterable {
        /// The body is no JSON object, or a parameter is none.
        case badRequest = 400
        /// Nobody is named, or not convincingly.
        case unauthorized = 401
        /// Whoever asks may not do this.
        case forbidden = 403
        /// No such path.
        case notFound = 404
        /// The path is there, but not for this method.
        case methodNotAllowed = 405
        /// No form of the answer that the client takes.
        case notAcceptable = 406
        /// The body is too large.
        case contentTooLarge = 413
        /// The body has a content type that is not JSON.
        case unsupportedMediaType = 415
        /// More is asked for than can be worked on; a later try may succeed.
        case tooManyRequests = 429
        /// No such subject.
        case subjectNotFound = 40401
        /// The subject has no such version.
        case versionNotFound = 40402
        /// No such schema.
        case schemaNotFound = 40403
        /// The subject was deleted already, softly.
        case subjectSoftDeleted = 40404
        /// The subject must be deleted softly before it is deleted for good.
        case subjectNotSoftDeleted = 40405
        /// The version was deleted already, softly.
        case versionSoftDeleted = 40406
        /// The version must be deleted softly before it is deleted for good.
        case versionNotSoftDeleted = 40407
        /// The subject has no compatibility level of its own.
        case subjectLevelNotConfigured = 40408
        /// The subject has no mode of its own.
        case subjectModeNotConfigured = 40409
        /// The schema breaks what the subject's level promises.
        case incompatibleSchema = 40901
        /// The text is no JSON Schema.
        case invalidSchema = 42201
        /// The text is no version.
        case invalidVersion = 42202
        /// The text is no compatibility level.
        case invalidLevel = 42203
        /// The text is no mode.
        case invalidMode = 42204
        /// The mode of the subject, or of the registry, does not allow it.
        case operationNotPermitted = 42205
        /// Another schema refers to this one.
        case referenceExists = 42206
        /// The text is no subject.
        case invalidSubject = 42208
        /// The schema is larger than is taken, by this registry or by its storage.
        case schemaTooLarge = 42209
        /// The rules are not in the form of a rule set.
        case invalidRuleSet = 42210
        /// The context has subjects.
        case contextNotEmpty = 42211
        /// The contracts cannot be served, or a change cannot be stored.
        case store = 50001
        /// Storing takes too long; whether the change was stored is not known.
        case storeTimeout = 50002
    }

    package let code: Code
    /// A sentence: what is wrong and what to do.
    package let message: String

    /// `message (code)`.
    package var description: String { "\(message) (\(code.rawValue))" }
    /// The HTTP status that goes with the code: its first three digits.
    package var status: Int { code.rawValue >= 1000 ? code.rawValue / 100 : code.rawValue }

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension RegistryError {
    static func unknown(subject: String) -> RegistryError {
        RegistryError(.subjectNotFound, "Subject '\(subject.shortened)' not found.")
    }
    static func unknown(version: Int) -> RegistryError {
        RegistryError(.versionNotFound, "Version \(version) not found.")
    }
    static func unknown(schema: String) -> RegistryError {
        RegistryError(.schemaNotFound, "Schema \(schema.shortened) not found.")
    }
    static func invalid(version text: String) -> RegistryError {
        RegistryError(
            .invalidVersion,
            "The specified version '\(text.prefix(32))' is not a valid version id. "
                + "Allowed values are between [1, 2^31-1] and the string \"latest\""
        )
    }
    static let noSuchSchema = RegistryError(.schemaNotFound, "Schema not found.")
    static let notFound = RegistryError(.notFound, "HTTP 404 Not Found")
    static let notAllowed = RegistryError(.methodNotAllowed, "HTTP 405 Method Not Allowed")
}

extension String {
    /// At most 249 characters, the length of the longest subject, for answers that repeat what was asked for.
    var shortened: String { count > 249 ? prefix(249) + "…" : self }
}
