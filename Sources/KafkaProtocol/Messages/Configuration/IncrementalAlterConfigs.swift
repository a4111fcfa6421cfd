/// Changes some keys of configurations (KIP-339). Versions 0-1, flexible from 1.
package struct IncrementalAlterConfigsRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.incrementalAlterConfigs

    package var resources: [Resource]
    /// Whether nothing is to be changed.
    package var validateOnly: Bool

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        resources = try reader.array(of: Resource.self, version)
        validateOnly = try reader.bool()
        try reader.taggedFields()
    }
}

extension IncrementalAlterConfigsRequest {
    package struct Resource: WireReadable, Equatable {
        package var resourceType: ConfigResourceType
        package var resourceName: String
        package var configs: [Config]

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            resourceType = try reader.choice()
            resourceName = try reader.string()
            configs = try reader.array(of: Config.self, version)
            try reader.taggedFields()
        }
    }

    package struct Config: WireReadable, Equatable {
        package var name: String
        package var configOperation: ConfigOperation
        /// Nil where the key is deleted.
        package var value: String?

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            name = try reader.string()
            configOperation = try reader.choice()
            value = try reader.nullableString()
            try reader.taggedFields()
        }
    }
}

/// Answers `IncrementalAlterConfigsRequest`.
package struct IncrementalAlterConfigsResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.incrementalAlterConfigs

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var responses: [Response]

    package init(throttleTimeMs: Int32 = 0, responses: [Response]) {
        self.throttleTimeMs = throttleTimeMs
        self.responses = responses
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.array(responses, version)
        writer.taggedFields()
    }
}

extension IncrementalAlterConfigsResponse {
    package typealias Response = AlterConfigsResponse.Response
}
