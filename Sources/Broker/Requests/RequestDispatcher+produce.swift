internal import KafkaProtocol
internal import LogStorage
internal import NIOCore
internal import Telemetry

extension RequestDispatcher {
    /// Produce: appends in the order of the request; answers once everything is durable.
    ///
    /// `acks=1` waits as `all` does: a leader that acknowledges what it may forget helps nobody when there is no
    /// follower. With `acks=0` nothing is answered; an error closes the connection, which is all such a client can see.
    func produce(_ request: ProduceRequest, _ call: Call) {
        guard [-1, 0, 1].contains(request.acks) else {
            return finishProduce(refuseAll(request, .invalidRequiredAcks), request.acks, call)
        }
        if let id = request.transactionalID, !node.allows(call, .write, .transactionalID, id) {
            return finishProduce(refuseAll(request, .transactionalIDAuthorizationFailed), request.acks, call)
        }
        // Nobody could end the transaction that such records would open; Kafka answers so whether it has rules or not.
        if request.transactionalID == nil, request.hasTransactionalRecords {
            return finishProduce(refuseAll(request, .transactionalIDAuthorizationFailed), request.acks, call)
        }
        let acknowledgement = ProduceAcknowledgement { [self] responses in
            finishProduce(responses, request.acks, call)
        }
        let now = node.clock.epoch
        for topic in request.topicData {
            acknowledgement.begin(topic.name)
            let refusal = refusal(of: topic.name, call)
            for partition in topic.partitionData {
                let refusal = refusal ?? verify(partition, topic.name, request.transactionalID)
                append(partition, topic.name, refusal, now, acknowledgement)
            }
        }
        acknowledgement.appended()
    }

    private func refusal(of topic: String, _ call: Call) -> ErrorCode? {
        if !node.allows(call, .write, .topic, topic) { return .topicAuthorizationFailed }
        return InternalTopic.contains(topic) ? .invalidTopicException : nil
    }

    /// Why a transactional batch must not open a transaction in the partition (KIP-890, part 1); `nil` when it may.
    private func verify(_ data: ProduceRequest.Partition, _ topic: String, _ id: String?) -> ErrorCode? {
        guard let id, let records = data.records else { return nil }
        do throws(ProtocolError) {
            let header = try RecordBatchHeader(parsing: records, at: records.readerIndex)
            guard header.attributes.isTransactional else { return nil }
            let producer = TransactionalProducer(
                transactionalID: id,
                identity: ProducerIdentity(id: header.producerID, epoch: header.producerEpoch)
            )
            return node.transactions.read { $0.verify(producer, LogPartition(topic, data.index)) }
        } catch {
            return .corruptMessage
        }
    }

    private func append(
        _ data: ProduceRequest.Partition,
        _ topic: String,
        _ refusal: ErrorCode?,
        _ now: Int64,
        _ acknowledgement: ProduceAcknowledgement
    ) {
        if let refusal { return acknowledgement.refuse(data.index, refusal) }
        guard let partition = node.partitions[topic, data.index] else {
            return acknowledgement.refuse(data.index, .unknownTopicOrPartition)
        }
        guard let records = data.records else { return acknowledgement.refuse(data.index, .corruptMessage) }
        do throws(StorageError) {
            let log = try partition.log()
            if log.configuration.compacts, let problem = CompactedRecords.problem(with: records) {
                return acknowledgement.refuse(data.index, .invalidRecord, problem)
            }
            let result = try log.append(records, origin: .client, leaderEpoch: Partition.leaderEpoch, now: now)
            node.metrics.bytesIn.add(records.readableBytes)
            let place = acknowledgement.expect(data.index, result)
            node.committer.commit(result, of: log) { [node] outcome in
                if case .failure = outcome { node.metrics.storageFailed("sync") }
                acknowledgement.committed(place, outcome)
            }
        } catch {
            let code = ErrorCode(error)
            if code == .kafkaStorageError { node.metrics.storageFailed(error.code.rawValue) }
            acknowledgement.refuse(data.index, code, error.message)
        }
    }

    private func refuseAll(_ request: ProduceRequest, _ code: ErrorCode) -> [ProduceResponse.Topic] {
        request.topicData.map { topic in
            let partitions = topic.partitionData.map {
                ProduceResponse.Partition(index: $0.index, errorCode: code, baseOffset: -1)
            }
            return ProduceResponse.Topic(name: topic.name, partitionResponses: partitions)
        }
    }

    private func finishProduce(_ responses: [ProduceResponse.Topic], _ acks: Int16, _ call: Call) {
        var failed: ErrorCode?
        for topic in responses {
            for partition in topic.partitionResponses where partition.errorCode != .noError {
                failed = partition.errorCode
                node.metrics.produceFailed(partition.errorCode.rawValue)
            }
        }
        guard acks == 0 else { return call.answer(ProduceResponse(responses: responses)) }
        call.answerNothing()
        if let failed { call.reply.connection.fail("a Produce without acknowledgement failed: \(failed.name)") }
    }
}

extension ProduceRequest {
    /// Whether any partition's records say that they belong to a transaction. The first batch says it: the log takes
    /// batches of a producer one at a time.
    fileprivate var hasTransactionalRecords: Bool {
        topicData.contains { topic in
            topic.partitionData.contains { $0.records.map(Self.isTransactional) ?? false }
        }
    }

    private static func isTransactional(_ records: ByteBuffer) -> Bool {
        do throws(ProtocolError) {
            return try RecordBatchHeader(parsing: records, at: records.readerIndex).attributes.isTransactional
        } catch {
            return false  // What is no batch is refused by the log, with the reason.
        }
    }
}
