/// Why bytes from a client are not what Kafka's protocol says they are.
///
/// The text never quotes what the client sent beyond numbers: names, keys and values stay out of logs.
package struct ProtocolError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong, as a bounded label for metrics.
    package enum Code: String, Sendable, CaseIterable {
        /// The message stops before it is complete, or a length points behind its end.
        case truncated
        /// A length or count that is negative, or larger than its type allows.
        case invalidLength = "invalid_length"
        /// A null where the message has no null.
        case unexpectedNull = "unexpected_null"
        /// A string that is not UTF-8.
        case invalidUTF8 = "invalid_utf8"
        /// A variable-length integer with more bytes than its type has bits.
        case invalidVarint = "invalid_varint"
        /// A number that stands for none of the choices.
        case invalidValue = "invalid_value"
        /// Tagged fields that are not in ascending order, or one that is not as long as it says (KIP-482).
        case invalidTaggedFields = "invalid_tagged_fields"
        /// An API key that is not Kafka's, or one for which a request has no form here.
        case unknownAPI = "unknown_api"
        /// A version of an API that is not served.
        case unsupportedVersion = "unsupported_version"
        /// A record batch of magic 0 or 1, as clients before Kafka 0.11 sent them.
        case unsupportedMagic = "unsupported_magic"
        /// A record batch whose fields contradict each other.
        case invalidBatch = "invalid_batch"
        /// A record batch that is not what its checksum says.
        case crcMismatch = "crc_mismatch"
    }

    package let code: Code
    /// A sentence: what is wrong and what would be right.
    package let message: String
    /// Bytes before the fault, from the start of the buffer that was read.
    package let byteOffset: Int

    package var description: String { "\(message) [\(code.rawValue), byte \(byteOffset)]" }

    /// What a client is told.
    package var errorCode: ErrorCode {
        switch code {
        case .truncated, .invalidLength, .unexpectedNull, .invalidUTF8, .invalidVarint, .invalidValue,
            .invalidTaggedFields:
            .invalidRequest
        case .unknownAPI, .unsupportedVersion: .unsupportedVersion
        case .unsupportedMagic: .unsupportedForMessageFormat
        case .invalidBatch, .crcMismatch: .corruptMessage
        }
    }

    package init(_ code: Code, _ message: String, at byteOffset: Int) {
        self.code = code
        self.message = message
        self.byteOffset = byteOffset
    }
}
