/// What a coordinator coordinates.
package enum CoordinatorType: Int8, Sendable {
    case group = 0
    case transaction = 1
    case share = 2
}

/// Asks which broker coordinates a group or a transactional id. Versions 0-4, flexible from 3.
///
/// Before version 4 (KIP-699) there is one key, and it is the only element here.
package struct FindCoordinatorRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.findCoordinator

    package var keyType: CoordinatorType
    /// Group ids or transactional ids.
    package var coordinatorKeys: [String]

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        let key = try version <= 3 ? reader.string() : nil
        keyType = try version >= 1 ? reader.choice() : .group
        coordinatorKeys = try version >= 4 ? reader.stringArray() : [key].compactMap(\.self)
        try reader.taggedFields()
    }
}

/// Answers `FindCoordinatorRequest`: one coordinator for each key; before version 4, the first alone.
package struct FindCoordinatorResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.findCoordinator

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var coordinators: [Coordinator]

    package init(throttleTimeMs: Int32 = 0, coordinators: [Coordinator]) {
        self.throttleTimeMs = throttleTimeMs
        self.coordinators = coordinators
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        if version >= 1 { writer.int32(throttleTimeMs) }
        if version >= 4 {
            writer.array(coordinators, version)
        } else {
            writeOnly(coordinators.first ?? .none, to: &writer, version: version)
        }
        writer.taggedFields()
    }

    private func writeOnly(_ coordinator: Coordinator, to writer: inout WireWriter, version: Int16) {
        writer.error(coordinator.errorCode)
        if version >= 1 { writer.nullableString(coordinator.errorMessage) }
        writer.int32(coordinator.nodeID)
        writer.string(coordinator.host)
        writer.int32(coordinator.port)
    }
}

extension FindCoordinatorResponse {
    package struct Coordinator: WireWritable, Equatable {
        package var key: String
        package var nodeID: Int32
        package var host: String
        package var port: Int32
        package var errorCode: ErrorCode
        package var errorMessage: String?

        fileprivate static let none = Coordinator(key: "", errorCode: .coordinatorNotAvailable)

        package init(
            key: String,
            nodeID: Int32 = -1,
            host: String = "",
            port: Int32 = -1,
            errorCode: ErrorCode = .noError,
            errorMessage: String? = nil
        ) {
            self.key = key
            self.nodeID = nodeID
            self.host = host
            self.port = port
            self.errorCode = errorCode
            self.errorMessage = errorMessage
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.string(key)
            writer.int32(nodeID)
            writer.string(host)
            writer.int32(port)
            writer.error(errorCode)
            writer.nullableString(errorMessage)
            writer.taggedFields()
        }
    }
}
