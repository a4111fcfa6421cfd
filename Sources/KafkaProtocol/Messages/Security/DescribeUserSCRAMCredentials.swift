/// Asks which SCRAM credentials users have (KIP-554). Version 0, flexible.
package struct DescribeUserSCRAMCredentialsRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.describeUserScramCredentials

    /// Nil or empty asks for all.
    package var users: [User]?

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        users = try reader.nullableArray(of: User.self, version)
        try reader.taggedFields()
    }
}

extension DescribeUserSCRAMCredentialsRequest {
    package struct User: WireReadable, Equatable {
        package var name: String

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            name = try reader.string()
            try reader.taggedFields()
        }
    }
}

/// Answers `DescribeUserSCRAMCredentialsRequest`.
package struct DescribeUserSCRAMCredentialsResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.describeUserScramCredentials

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var errorCode: ErrorCode
    package var errorMessage: String?
    package var results: [Result]

    package init(
        throttleTimeMs: Int32 = 0,
        errorCode: ErrorCode = .noError,
        errorMessage: String? = nil,
        results: [Result]
    ) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.errorMessage = errorMessage
        self.results = results
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.error(errorCode)
        writer.nullableString(errorMessage)
        writer.array(results, version)
        writer.taggedFields()
    }
}

extension DescribeUserSCRAMCredentialsResponse {
    package struct Result: WireWritable, Equatable {
        package var user: String
        package var errorCode: ErrorCode
        package var errorMessage: String?
        package var credentialInfos: [Credential]

        package init(
            user: String,
            errorCode: ErrorCode = .noError,
            errorMessage: String? = nil,
            credentialInfos: [Credential]
        ) {
            self.user = user
            self.errorCode = errorCode
            self.errorMessage = errorMessage
            self.credentialInfos = credentialInfos
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.string(user)
            writer.error(errorCode)
            writer.nullableString(errorMessage)
            writer.array(credentialInfos, version)
            writer.taggedFields()
        }
    }

    package struct Credential: WireWritable, Equatable {
        package var mechanism: SCRAMMechanism
        package var iterations: Int32

        package init(mechanism: SCRAMMechanism, iterations: Int32) {
            self.mechanism = mechanism
            self.iterations = iterations
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.int8(mechanism.rawValue)
            writer.int32(iterations)
            writer.taggedFields()
        }
    }
}
