/// Adds partitions to topics (KIP-195). Versions 0-3, flexible from 2.
package struct CreatePartitionsRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.createPartitions

    package var topics: [Topic]
    /// Milliseconds that the client is willing to wait.
    package var timeoutMs: Int32
    /// Whether nothing is to be changed.
    package var validateOnly: Bool

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        topics = try reader.array(of: Topic.self, version)
        timeoutMs = try reader.int32()
        validateOnly = try reader.bool()
        try reader.taggedFields()
    }
}

extension CreatePartitionsRequest {
    package struct Topic: WireReadable, Equatable {
        package var name: String
        /// The topic's new total.
        package var count: Int32
        /// Nil where the broker assigns.
        package var assignments: [Assignment]?

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            name = try reader.string()
            count = try reader.int32()
            assignments = try reader.nullableArray(of: Assignment.self, version)
            try reader.taggedFields()
        }
    }

    package struct Assignment: WireReadable, Equatable {
        package var brokerIDs: [Int32]

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            brokerIDs = try reader.int32Array()
            try reader.taggedFields()
        }
    }
}

/// Answers `CreatePartitionsRequest`.
package struct CreatePartitionsResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.createPartitions

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

extension CreatePartitionsResponse {
    package struct Result: WireWritable, Equatable {
        package var name: String
        package var errorCode: ErrorCode
        package var errorMessage: String?

        package init(name: String, errorCode: ErrorCode = .noError, errorMessage: String? = nil) {
            self.name = name
            self.errorCode = errorCode
            self.errorMessage = errorMessage
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.string(name)
            writer.error(errorCode)
            writer.nullableString(errorMessage)
            writer.taggedFields()
        }
    }
}
