internal import KafkaProtocol

extension RequestDispatcher {
    /// InitProducerId: an id and epoch, for a transactional producer fencing the one before.
    func initProducerID(_ request: InitProducerIDRequest, _ call: Call) {
        if let code = producerRefusal(request.transactionalID, call) {
            return call.answer(InitProducerIDResponse(errorCode: code, producerEpoch: -1))
        }
        let current =
            request.producerID == -1
            ? nil : ProducerIdentity(id: request.producerID, epoch: request.producerEpoch)
        let asked = InitProducerRequest(
            transactionalID: request.transactionalID,
            timeout: request.transactionTimeoutMs,
            current: current
        )
        let token = node.transactions.token { reply in
            guard case .initProducer(let error, let identity) = reply else { return }
            let code = ErrorCode(error).fenced(before: 4, call)
            call.answer(
                InitProducerIDResponse(errorCode: code, producerID: identity.id, producerEpoch: identity.epoch)
            )
        }
        node.transactions.post(.initProducer(asked, token))
    }

    private func producerRefusal(_ id: String?, _ call: Call) -> ErrorCode? {
        if let id {
            return node.allows(call, .write, .transactionalID, id) ? nil : .transactionalIDAuthorizationFailed
        }
        // Who may write to some topic may do so idempotently (KIP-679).
        let isAllowed =
            node.allowsCluster(call, .idempotentWrite) || node.authorizer.allowsAny(call.client, .write, .topic)
        return isAllowed ? nil : .clusterAuthorizationFailed
    }

    /// AddPartitionsToTxn: all partitions or none.
    func addPartitions(_ request: AddPartitionsToTxnRequest, _ call: Call) {
        let partitions = request.topics.flatMap { topic in topic.partitions.map { LogPartition(topic.name, $0) } }
        guard node.allows(call, .write, .transactionalID, request.transactionalID) else {
            return answer(request, { _ in .transactionalIDAuthorizationFailed }, call)
        }
        let refusals = partitions.reduce(into: [LogPartition: ErrorCode]()) { refusals, partition in
            refusals[partition] = refusal(of: partition, call)
        }
        guard refusals.isEmpty else {
            return answer(request, { refusals[$0] ?? .operationNotAttempted }, call)
        }
        let producer = TransactionalProducer(
            transactionalID: request.transactionalID,
            identity: ProducerIdentity(id: request.producerID, epoch: request.producerEpoch)
        )
        let token = node.transactions.token { [self] reply in
            guard case .addPartitions(let error) = reply else { return }
            let code = ErrorCode(error).fenced(before: 2, call)
            answer(request, { _ in code }, call)
        }
        node.transactions.post(.addPartitions(producer, partitions, token))
    }

    private func refusal(of partition: LogPartition, _ call: Call) -> ErrorCode? {
        if !node.allows(call, .write, .topic, partition.topic) || InternalTopic.contains(partition.topic) {
            return .topicAuthorizationFailed
        }
        return node.partitions[partition.topic, partition.partition] == nil ? .unknownTopicOrPartition : nil
    }

    private func answer(
        _ request: AddPartitionsToTxnRequest,
        _ code: (LogPartition) -> ErrorCode,
        _ call: Call
    ) {
        let topics = request.topics.map { topic in
            AddPartitionsToTxnResponse.Topic(
                name: topic.name,
                resultsByPartition: topic.partitions.map {
                    .init(partitionIndex: $0, partitionErrorCode: code(LogPartition(topic.name, $0)))
                }
            )
        }
        call.answer(AddPartitionsToTxnResponse(resultsByTopic: topics))
    }

    /// AddOffsetsToTxn.
    func addOffsets(_ request: AddOffsetsToTxnRequest, _ call: Call) {
        guard node.allows(call, .write, .transactionalID, request.transactionalID) else {
            return call.answer(AddOffsetsToTxnResponse(errorCode: .transactionalIDAuthorizationFailed))
        }
        guard node.allows(call, .read, .group, request.groupID) else {
            return call.answer(AddOffsetsToTxnResponse(errorCode: .groupAuthorizationFailed))
        }
        let producer = TransactionalProducer(
            transactionalID: request.transactionalID,
            identity: ProducerIdentity(id: request.producerID, epoch: request.producerEpoch)
        )
        let token = node.transactions.token { reply in
            guard case .addOffsets(let error) = reply else { return }
            call.answer(AddOffsetsToTxnResponse(errorCode: ErrorCode(error).fenced(before: 2, call)))
        }
        node.transactions.post(.addOffsets(producer, groupID: request.groupID, token))
    }

    /// EndTxn: answered when the decision is durable; the markers follow.
    func endTransaction(_ request: EndTxnRequest, _ call: Call) {
        guard node.allows(call, .write, .transactionalID, request.transactionalID) else {
            return call.answer(EndTxnResponse(errorCode: .transactionalIDAuthorizationFailed))
        }
        let producer = TransactionalProducer(
            transactionalID: request.transactionalID,
            identity: ProducerIdentity(id: request.producerID, epoch: request.producerEpoch)
        )
        let token = node.transactions.token { reply in
            guard case .end(let error) = reply else { return }
            call.answer(EndTxnResponse(errorCode: ErrorCode(error).fenced(before: 2, call)))
        }
        node.transactions.post(.end(producer, commit: request.committed, token))
    }

    /// DescribeTransactions (KIP-664).
    func describeTransactions(_ request: DescribeTransactionsRequest, _ call: Call) {
        let states = request.transactionalIDs.map { id -> DescribeTransactionsResponse.Transaction in
            guard node.allows(call, .describe, .transactionalID, id) else {
                return .init(id, failed: .transactionalIDAuthorizationFailed)
            }
            let description = node.transactions.read { $0.describe(id) }
            return description.map { .init($0) } ?? .init(id, failed: .transactionalIDNotFound)
        }
        call.answer(DescribeTransactionsResponse(transactionStates: states))
    }

    /// ListTransactions (KIP-664).
    func listTransactions(_ request: ListTransactionsRequest, _ call: Call) {
        let known = Dictionary(uniqueKeysWithValues: TransactionState.allCases.map { ($0.name, $0) })
        let unknown = request.stateFilters.filter { known[$0] == nil }
        let states = Set(request.stateFilters.compactMap { known[$0] })
        let listed = node.transactions.read { coordinator in
            coordinator.list(
                producerIDs: request.producerIDFilters.isEmpty ? nil : Set(request.producerIDFilters),
                states: request.stateFilters.isEmpty ? nil : states,
                olderThan: request.durationFilter < 0 ? nil : request.durationFilter,
                now: node.clock.epoch
            )
        }
        call.answer(
            ListTransactionsResponse(
                unknownStateFilters: unknown,
                transactionStates:
                    listed
                    .filter { node.allows(call, .describe, .transactionalID, $0.transactionalID) }
                    .map {
                        .init(
                            transactionalID: $0.transactionalID,
                            producerID: $0.producerID,
                            transactionState: $0.state.name
                        )
                    }
            )
        )
    }
}

extension ErrorCode {
    /// Clients of versions before `version` do not know PRODUCER_FENCED (KIP-588).
    fileprivate func fenced(before version: Int16, _ call: Call) -> ErrorCode {
        self == .producerFenced && call.version < version ? .invalidProducerEpoch : self
    }
}

extension DescribeTransactionsResponse.Transaction {
    fileprivate init(_ id: String, failed code: ErrorCode) {
        self.init(
            errorCode: code,
            transactionalID: id,
            transactionState: "",
            transactionTimeoutMs: 0,
            transactionStartTimeMs: -1,
            producerID: -1,
            producerEpoch: -1,
            topics: []
        )
    }

    fileprivate init(_ description: TransactionDescription) {
        let topics = Dictionary(grouping: description.partitions, by: \.topic).sorted { $0.key < $1.key }
        self.init(
            transactionalID: description.transactionalID,
            transactionState: description.state.name,
            transactionTimeoutMs: description.timeout,
            transactionStartTimeMs: description.startTimestamp,
            producerID: description.producer.id,
            producerEpoch: description.producer.epoch,
            topics: topics.map { .init(topic: $0.key, partitions: $0.value.map(\.partition)) }
        )
    }
}
