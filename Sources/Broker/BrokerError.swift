/// Why the broker cannot start, or had to give up something of its own.
///
/// What a client did wrong is not one of these: it is answered with Kafka's error codes.
package struct BrokerError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Code: String, Sendable, CaseIterable {
        /// A setting that cannot be used.
        case configuration
        /// Another process holds the data directory.
        case locked
        /// The data directory was written by a newer version, or is damaged in a file that is not a log.
        case incompatibleData = "incompatible_data"
        /// A file cannot be read or written.
        case storage
        /// The address cannot be listened on.
        case network
        /// The certificate or key cannot be used.
        case tls
    }

    /// For metric labels and exit codes.
    package let code: Code
    /// What happened, where, and what to do; never a secret.
    package let message: String
    /// What the system or a library said; empty where there is nothing more.
    package let cause: String

    /// An error with its text.
    package init(_ code: Code, _ message: String, cause: String = "") {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// Message and cause in one line.
    package var description: String { cause.isEmpty ? message : "\(message): \(cause)" }
}
