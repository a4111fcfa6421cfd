/// Why a registry did not do what it was asked for.
package struct RegistryClientError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What happened, as a bounded label: what callers act on.
    package enum Code: String, Sendable, CaseIterable {
        /// No address answered: no connection, no certificate that is believed, or no answer in time.
        case unreachable
        /// It answered that it cannot answer now: 408, 429 and 5xx.
        case unavailable
        /// It does not know who asks (401).
        case unauthenticated
        /// Whoever asks may not do this (403).
        case forbidden
        /// It has no such subject, version or schema (error codes 404xx).
        case notFound = "not_found"
        /// The schema breaks what its subject promises (409).
        case incompatible
        /// It refuses the schema, the subject or the version as they are (422).
        case invalid
        /// What answers at the address is no schema registry, or says what cannot be understood.
        case noRegistry = "no_registry"
        /// Addresses, credentials or certificates of the client cannot be used.
        case configuration
        /// The task that asked was cancelled.
        case cancelled
    }

    package let code: Code
    /// A sentence: what was asked of which address, what came of it, what to do. Never holds a credential.
    package let message: String
    /// The HTTP status, nil where there was no answer.
    package let status: Int?
    /// The registry's own number, for example 40403; nil where it gave none.
    package let errorCode: Int?
    /// How long it asks to be left alone; nil where it does not say.
    package var retryAfter: Duration?

    /// `message [code]`.
    package var description: String { "\(message) [\(code.rawValue)]" }

    /// Whether the same request may succeed later without anybody changing anything.
    package var isTransient: Bool { code == .unreachable || code == .unavailable }

    package init(
        _ code: Code,
        _ message: String,
        status: Int? = nil,
        errorCode: Int? = nil,
        retryAfter: Duration? = nil
    ) {
        self.code = code
        self.message = message
        self.status = status
        self.errorCode = errorCode
        self.retryAfter = retryAfter
    }
}
