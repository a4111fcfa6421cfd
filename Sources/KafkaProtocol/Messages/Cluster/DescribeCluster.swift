/// Asks for the brokers (KIP-700). Versions 0-1, flexible.
package struct DescribeClusterRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.describeCluster

    package var includeClusterAuthorizedOperations: Bool
    /// 1 brokers, 2 controllers.
    package var endpointType: Int8

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        includeClusterAuthorizedOperations = try reader.bool()
        endpointType = try version >= 1 ? reader.int8() : 1
        try reader.taggedFields()
    }
}

/// Answers `DescribeClusterRequest`.
package struct DescribeClusterResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.describeCluster

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var errorCode: ErrorCode
    package var errorMessage: String?
    /// 1 brokers, 2 controllers.
    package var endpointType: Int8
    package var clusterID: String
    package var controllerID: Int32
    package var brokers: [Broker]
    /// A bit for each `ACLOperation`; `Int32.min` when nobody asked.
    package var clusterAuthorizedOperations: Int32

    package init(
        throttleTimeMs: Int32 = 0,
        errorCode: ErrorCode = .noError,
        errorMessage: String? = nil,
        endpointType: Int8 = 1,
        clusterID: String,
        controllerID: Int32 = -1,
        brokers: [Broker],
        clusterAuthorizedOperations: Int32 = .min
    ) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.errorMessage = errorMessage
        self.endpointType = endpointType
        self.clusterID = clusterID
        self.controllerID = controllerID
        self.brokers = brokers
        self.clusterAuthorizedOperations = clusterAuthorizedOperations
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.error(errorCode)
        writer.nullableString(errorMessage)
        if version >= 1 { writer.int8(endpointType) }
        writer.string(clusterID)
        writer.int32(controllerID)
        writer.array(brokers, version)
        writer.int32(clusterAuthorizedOperations)
        writer.taggedFields()
    }
}

extension DescribeClusterResponse {
    package struct Broker: WireWritable, Equatable {
        package var brokerID: Int32
        package var host: String
        package var port: Int32
        package var rack: String?

        package init(brokerID: Int32, host: String, port: Int32, rack: String? = nil) {
            self.brokerID = brokerID
            self.host = host
            self.port = port
            self.rack = rack
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.int32(brokerID)
            writer.string(host)
            writer.int32(port)
            writer.nullableString(rack)
            writer.taggedFields()
        }
    }
}
