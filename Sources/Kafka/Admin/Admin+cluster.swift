internal import CLibrdkafka
public import Log

extension Admin {
    /// The cluster's id, controller and brokers.
    ///
    /// librdkafka from 2.3 on asks the controller, and waits for one until the deadline; an older one asks any broker.
    /// - Throws: when nothing was answered, see ``Admin``.
    public func describeCluster(within: Duration = Admin.defaultDeadline) async throws(LogError) -> ClusterDescription {
        let deadline = Deadline(within)
        if let newer = LaterFunctions.describeCluster {
            return try await loop.request("describe the cluster", within: deadline) { request in
                unsafe newer.send(request.client, request.options, request.results)
            } _: { (event) throws(LogError) in
                try newer.description(in: event)
            }
        }
        return try await loop.block("describe the cluster", within: deadline) { (client) throws(LogError) in
            // Id and controller come with metadata: they are there now, or the brokers have none.
            let metadata = try ClusterMetadata(.everything, from: client, within: deadline)
            let wait = min(deadline.milliseconds, 1000)
            let controller = unsafe rd_kafka_controllerid(client.pointer, wait)
            return ClusterDescription(
                id: Self.clusterID(client, wait),
                controller: controller < 0 ? nil : controller,
                brokers: metadata.brokers
            )
        }
    }

    private static func clusterID(_ client: ClientHandle, _ wait: Int32) -> String? {
        guard let id = unsafe rd_kafka_clusterid(client.pointer, wait) else { return nil }
        defer { unsafe rd_kafka_mem_free(client.pointer, id) }
        return unsafe String(cString: id)
    }
}
