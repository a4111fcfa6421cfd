internal import CLibrdkafka
internal import Glibc
internal import Log

/// Functions that librdkafka 2.0.2 does not have, found in the library that is loaded. Nothing links to them; each is
/// `nil` with an older library, and its caller does what that one can.
enum LaterFunctions {
    /// `rd_kafka_IncrementalAlterConfigs` and what goes with it (librdkafka 2.3, KIP-339).
    static let incrementalAlterConfigs = IncrementalAlterConfigs()
    /// `rd_kafka_ListOffsets` and what goes with it (librdkafka 2.3, KIP-396).
    static let listOffsets = ListOffsets()
    /// `rd_kafka_DescribeCluster` and what goes with it (librdkafka 2.3).
    static let describeCluster = DescribeCluster()

    /// The function of that name, which the caller knows to be of type `F`.
    fileprivate static func function<F>(_ name: String, as type: F.Type) -> F? {
        unsafe dlsym(nil, name).map { unsafe unsafeBitCast($0, to: F.self) }
    }

    typealias Result = @convention(c) @Sendable (OpaquePointer) -> OpaquePointer?
    typealias Array =
        @convention(c) @Sendable (OpaquePointer, UnsafeMutablePointer<Int>) -> UnsafeMutablePointer<OpaquePointer?>?

    @safe struct IncrementalAlterConfigs: Sendable {
        typealias Add =
            @convention(c) @Sendable (OpaquePointer, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>?) ->
            OpaquePointer?
        typealias Send =
            @convention(c) @Sendable (
                OpaquePointer, UnsafeMutablePointer<OpaquePointer?>, Int, OpaquePointer, OpaquePointer
            ) -> Void

        private let add: Add
        let send: Send
        private let result: Result
        private let resources: Array

        fileprivate init?() {
            guard
                let add = unsafe function("rd_kafka_ConfigResource_add_incremental_config", as: Add.self),
                let send = unsafe function("rd_kafka_IncrementalAlterConfigs", as: Send.self),
                let result = unsafe function("rd_kafka_event_IncrementalAlterConfigs_result", as: Result.self),
                let resources = unsafe function("rd_kafka_IncrementalAlterConfigs_result_resources", as: Array.self)
            else { return nil }
            unsafe (self.add, self.send, self.result, self.resources) = unsafe (add, send, result, resources)
        }

        /// Sets a value, or deletes the setting for `nil`: `RD_KAFKA_ALTER_CONFIG_OP_TYPE_SET` and `…_DELETE`.
        func add(
            _ name: String,
            _ value: String?,
            to object: OpaquePointer,
            of resource: ConfigResource
        ) throws(LogError) {
            if let error = unsafe add(object, name, value == nil ? 1 : 0, value) {
                throw unsafe LogError(consuming: error, cannot: "set \(name) of \(resource)")
            }
        }

        func resources(of event: AdminEvent) throws(LogError) -> [OpaquePointer] {
            try unsafe event.items(result, resources)
        }
    }

    @safe struct ListOffsets: Sendable {
        typealias Send =
            @convention(c) @Sendable (
                OpaquePointer, UnsafeMutablePointer<rd_kafka_topic_partition_list_t>, OpaquePointer, OpaquePointer
            ) -> Void
        typealias Partition =
            @convention(c) @Sendable (OpaquePointer) -> UnsafePointer<rd_kafka_topic_partition_t>?
        typealias Time = @convention(c) @Sendable (OpaquePointer) -> Int64

        let send: Send
        private let result: Result
        private let infos: Array
        private let partition: Partition
        private let time: Time

        fileprivate init?() {
            guard
                let send = unsafe function("rd_kafka_ListOffsets", as: Send.self),
                let result = unsafe function("rd_kafka_event_ListOffsets_result", as: Result.self),
                let infos = unsafe function("rd_kafka_ListOffsets_result_infos", as: Array.self),
                let partition = unsafe function("rd_kafka_ListOffsetsResultInfo_topic_partition", as: Partition.self),
                let time = unsafe function("rd_kafka_ListOffsetsResultInfo_timestamp", as: Time.self)
            else { return nil }
            unsafe (self.send, self.result, self.infos) = unsafe (send, result, infos)
            unsafe (self.partition, self.time) = unsafe (partition, time)
        }

        /// What was found in each partition, with the timestamp there.
        func offsets(of event: AdminEvent) throws(LogError) -> [(PartitionList.Element, time: Int64)] {
            try unsafe event.items(result, infos).compactMap { info in
                guard let partition = unsafe partition(info) else { return nil }
                return unsafe (PartitionList.element(of: partition.pointee), time: time(info))
            }
        }
    }

    @safe struct DescribeCluster: Sendable {
        typealias Send = @convention(c) @Sendable (OpaquePointer, OpaquePointer, OpaquePointer) -> Void
        typealias Text = @convention(c) @Sendable (OpaquePointer) -> UnsafePointer<CChar>?

        let send: Send
        private let result: Result
        private let nodes: Array
        private let controller: Result
        private let id: Text
        private let rack: Text

        fileprivate init?() {
            guard
                let send = unsafe function("rd_kafka_DescribeCluster", as: Send.self),
                let result = unsafe function("rd_kafka_event_DescribeCluster_result", as: Result.self),
                let nodes = unsafe function("rd_kafka_DescribeCluster_result_nodes", as: Array.self),
                let controller = unsafe function("rd_kafka_DescribeCluster_result_controller", as: Result.self),
                let id = unsafe function("rd_kafka_DescribeCluster_result_cluster_id", as: Text.self),
                let rack = unsafe function("rd_kafka_Node_rack", as: Text.self)
            else { return nil }
            unsafe (self.send, self.result, self.nodes) = unsafe (send, result, nodes)
            unsafe (self.controller, self.id, self.rack) = unsafe (controller, id, rack)
        }

        func description(in event: AdminEvent) throws(LogError) -> ClusterDescription {
            let brokers = try unsafe event.items(result, nodes).map {
                unsafe ClusterDescription.Broker($0, rack: string(rack($0)))
            }
            guard let result = unsafe result(event.pointer) else { throw .unanswered(event.action) }
            return unsafe ClusterDescription(
                id: string(id(result)),
                controller: controller(result).map { unsafe rd_kafka_Node_id($0) },
                brokers: brokers.sorted { $0.id < $1.id }
            )
        }
    }
}

extension ClusterDescription.Broker {
    /// Copies a node that belongs to a result.
    init(_ node: OpaquePointer, rack: String?) {
        unsafe self.init(
            id: rd_kafka_Node_id(node),
            host: string(rd_kafka_Node_host(node)) ?? "",
            port: Int(rd_kafka_Node_port(node)),
            rack: rack
        )
    }
}
