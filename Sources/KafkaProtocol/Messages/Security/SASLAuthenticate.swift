package import NIOCore

/// Carries one message of a SASL exchange (KIP-152, KIP-368). Versions 0-2, flexible from 2.
package struct SASLAuthenticateRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.saslAuthenticate

    /// The mechanism's own message.
    package var authBytes: ByteBuffer

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        authBytes = try reader.bytes()
        try reader.taggedFields()
    }
}

/// Answers `SASLAuthenticateRequest`.
package struct SASLAuthenticateResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.saslAuthenticate

    package var errorCode: ErrorCode
    package var errorMessage: String?
    package var authBytes: ByteBuffer
    /// Milliseconds after which the client must authenticate anew (KIP-368); 0 for never.
    package var sessionLifetimeMs: Int64

    package init(
        errorCode: ErrorCode = .noError,
        errorMessage: String? = nil,
        authBytes: ByteBuffer,
        sessionLifetimeMs: Int64 = 0
    ) {
        self.errorCode = errorCode
        self.errorMessage = errorMessage
        self.authBytes = authBytes
        self.sessionLifetimeMs = sessionLifetimeMs
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        writer.error(errorCode)
        writer.nullableString(errorMessage)
        writer.bytes(authBytes)
        if version >= 1 { writer.int64(sessionLifetimeMs) }
        writer.taggedFields()
    }
}

extension SASLAuthenticateRequest: CustomStringConvertible {
    /// Without the message, which may be a password.
    package var description: String { "SASLAuthenticateRequest(\(authBytes.readableBytes) bytes)" }
}
