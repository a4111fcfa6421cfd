/// What the registry answers instead of what was asked for.
///
/// `code` is the `error_code` of Confluent's registry API, `message` its `message`. Messages of reads begin with the words
/// that Confluent's clients know.
package struct RegistryError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The codes this server gives, by the numbers of Confluent's `Errors` class; three digits are plain HTTP.
    package enum Code: Int, Sendable, CaseIterable {
        /// The body is no JSON object, or a parameter is none.
        case badRequest = 400
        /// No such path.
        case notFound = 404
        /// The path is there, but not for this method.
        case methodNotAllowed = 405
        /// The body is too large.
        case contentTooLarge = 413
        /// The body has a content type that is not JSON.
        case unsupportedMediaType = 415
        /// No such subject.
        case subjectNotFound = 40401
        /// The subject has no such version.
        case versionNotFound = 40402
        /// No such schema.
        case schemaNotFound = 40403
        /// The subject has no compatibility level of its own.
        case subjectLevelNotConfigured = 40408
        /// The subject has no mode of its own.
        case subjectModeNotConfigured = 40409
        /// The text is no JSON Schema.
        case invalidSchema = 42201
        /// The text is no version.
        case invalidVersion = 42202
        /// The registry is read-only.
        case operationNotPermitted = 42205
        /// The contracts cannot be served.
        case store = 50001
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
    static let noSuchSchema = RegistryError(.schemaNotFound, "Schema not found.")
    static let notFound = RegistryError(.notFound, "HTTP 404 Not Found")
}

extension String {
    /// At most 249 characters, the length of the longest subject, for answers that repeat what was asked for.
    fileprivate var shortened: String { count > 249 ? prefix(249) + "…" : self }
}
