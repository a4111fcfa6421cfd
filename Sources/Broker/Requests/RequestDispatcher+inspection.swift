internal import FoundationEssentials
internal import KafkaProtocol
internal import LogStorage

extension RequestDispatcher {
    /// DescribeProducers (KIP-664).
    func describeProducers(_ request: DescribeProducersRequest, _ call: Call) {
        let topics = request.topics.map { topic in
            let isAllowed = node.allows(call, .read, .topic, topic.name)
            return DescribeProducersResponse.Topic(
                name: topic.name,
                partitions: topic.partitionIndexes.map { index in
                    isAllowed
                        ? producers(topic.name, index)
                        : .init(partitionIndex: index, errorCode: .topicAuthorizationFailed, activeProducers: [])
                }
            )
        }
        call.answer(DescribeProducersResponse(topics: topics))
    }

    private func producers(_ topic: String, _ index: Int32) -> DescribeProducersResponse.Partition {
        guard let partition = node.partitions[topic, index] else {
            return .init(partitionIndex: index, errorCode: .unknownTopicOrPartition, activeProducers: [])
        }
        do throws(StorageError) {
            let producers = try partition.existingLog()?.producers() ?? []
            return .init(
                partitionIndex: index,
                activeProducers: producers.map {
                    .init(
                        producerID: $0.producerID,
                        producerEpoch: Int32($0.epoch),
                        lastSequence: $0.lastSequence,
                        lastTimestamp: $0.lastTimestamp,
                        coordinatorEpoch: $0.coordinatorEpoch,
                        currentTxnStartOffset: $0.transactionStart ?? -1
                    )
                }
            )
        } catch {
            return .init(partitionIndex: index, errorCode: ErrorCode(error), activeProducers: [])
        }
    }

    /// DescribeLogDirs: the one data directory.
    func describeLogDirs(_ request: DescribeLogDirsRequest, _ call: Call) {
        guard node.allowsCluster(call, .describe) else {
            return call.answer(DescribeLogDirsResponse(errorCode: .clusterAuthorizationFailed, results: []))
        }
        let asked = request.topics.map { topics in
            topics.map { ($0.topic, $0.partitions) }
        }
        let all = asked ?? node.catalogue.all.map { ($0.name, Array(0..<$0.partitions)) }
        let topics = all.map { name, partitions in
            DescribeLogDirsResponse.Topic(name: name, partitions: partitions.compactMap { size(of: name, $0) })
        }
        let space = DiskSpace(of: node.configuration.dataDirectory)
        call.answer(
            DescribeLogDirsResponse(
                results: [
                    .init(
                        logDir: node.configuration.dataDirectory,
                        topics: topics.filter { !$0.partitions.isEmpty },
                        totalBytes: space?.total ?? -1,
                        usableBytes: space?.usable ?? -1
                    )
                ]
            )
        )
    }

    private func size(of topic: String, _ index: Int32) -> DescribeLogDirsResponse.Partition? {
        guard let partition = node.partitions[topic, index] else { return nil }
        do throws(StorageError) {
            let bytes = try partition.existingLog()?.byteCount ?? 0
            return .init(partitionIndex: index, partitionSize: Int64(bytes), offsetLag: 0, isFutureKey: false)
        } catch {
            return nil  // The topic was deleted meanwhile, or its log cannot be opened, which the broker's log says.
        }
    }
}

/// Bytes of the file system that holds a folder.
struct DiskSpace {
    let total: Int64
    let usable: Int64

    /// `nil` when the system does not say.
    init?(of path: String) {
        let attributes: [FileAttributeKey: Any]
        do {
            attributes = try FileManager.default.attributesOfFileSystem(forPath: path)
        } catch {
            return nil
        }
        guard let total = attributes[.systemSize] as? any BinaryInteger,
            let usable = attributes[.systemFreeSize] as? any BinaryInteger
        else { return nil }
        self.total = Int64(clamping: total)
        self.usable = Int64(clamping: usable)
    }
}
