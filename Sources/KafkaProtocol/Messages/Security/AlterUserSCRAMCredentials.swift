package import NIOCore

/// Sets and deletes SCRAM credentials (KIP-554). Version 0, flexible.
package struct AlterUserSCRAMCredentialsRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.alterUserScramCredentials

    package var deletions: [Deletion]
    package var upsertions: [Upsertion]

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        deletions = try reader.array(of: Deletion.self, version)
        upsertions = try reader.array(of: Upsertion.self, version)
        try reader.taggedFields()
    }
}

extension AlterUserSCRAMCredentialsRequest {
    package struct Deletion: WireReadable, Equatable {
        package var name: String
        package var mechanism: SCRAMMechanism

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            name = try reader.string()
            mechanism = try reader.choice()
            try reader.taggedFields()
        }
    }

    package struct Upsertion: WireReadable, Equatable {
        package var name: String
        package var mechanism: SCRAMMechanism
        package var iterations: Int32
        package var salt: ByteBuffer
        /// Hi(password, salt, iterations) of RFC 5802: a secret.
        package var saltedPassword: ByteBuffer

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            name = try reader.string()
            mechanism = try reader.choice()
            iterations = try reader.int32()
            salt = try reader.bytes()
            saltedPassword = try reader.bytes()
            try reader.taggedFields()
        }
    }
}

/// Answers `AlterUserSCRAMCredentialsRequest`.
package struct AlterUserSCRAMCredentialsResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.alterUserScramCredentials

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var results: [Result]

    package init(throttleTimeMs: Int32 = 0, results: [Result]) {
        self.throttleTimeMs = throttleTimeMs
        self.results = results
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.array(results, version)
        writer.taggedFields()
    }
}

extension AlterUserSCRAMCredentialsResponse {
    package struct Result: WireWritable, Equatable {
        package var user: String
        package var errorCode: ErrorCode
        package var errorMessage: String?

        package init(user: String, errorCode: ErrorCode = .noError, errorMessage: String? = nil) {
            self.user = user
            self.errorCode = errorCode
            self.errorMessage = errorMessage
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.string(user)
            writer.error(errorCode)
            writer.nullableString(errorMessage)
            writer.taggedFields()
        }
    }
}

extension AlterUserSCRAMCredentialsRequest.Upsertion: CustomStringConvertible {
    /// Without salt and salted password.
    package var description: String { "Upsertion(name: \(name), mechanism: \(mechanism), iterations: \(iterations))" }
}
