/// One producer.
struct ProducerState: Sendable {
    enum Condition: Sendable, Equatable {
        case ready
        /// The open transaction can only be aborted.
        case abortable(LogError)
        case fatal(LogError)
        case closed
    }

    let configuration: ProducerConfiguration
    /// The coordinator's epoch at the time of opening; an older one is fenced (KIP-98).
    let epoch: Int
    var condition = Condition.ready
    /// Records written whose acknowledgements are held back.
    var unacknowledged = 0
}

extension LogState {
    /// What one send has come to: results of records and how many wait for an open gate.
    struct Sent: Sendable {
        var results: [ProduceResult]
        let topics: [TopicName]
    }

    mutating func openProducer(_ configuration: ProducerConfiguration) throws(LogError) -> Int64 {
        if let error = faults.take(.openProducer) { throw error }
        let id = nextNumber()
        var epoch = 0
        if let name = configuration.transactionalID {
            guard !name.isEmpty else { throw .invalid("_INVALID_ARG", "A transactional id may not be empty.") }
            finishTransaction(of: name, committing: false)
            epoch = (coordinators[name]?.epoch ?? 0) + 1
            coordinators[name] = TransactionCoordinator(epoch: epoch)
        }
        producers[id] = ProducerState(configuration: configuration, epoch: epoch)
        return id
    }

    func queueIsFull(of producer: Int64) -> Bool {
        queueIsForcedFull || (producers[producer]?.unacknowledged ?? 0) >= options.queueCapacity
    }

    /// Writes the batch; `nil` while the queue is full.
    mutating func send(_ batch: ProduceBatch, from producer: Int64) throws(LogError) -> Sent? {
        try check(producer)
        if queueIsFull(of: producer) { return nil }
        var sent = Sent(results: [], topics: batch.topics)
        if let error = faults.take(.send) {
            if error.isFatal { throw fail(producer, with: error) }
            sent.results = Array(repeating: .failed(error), count: batch.count)
        } else if let refusal = refusal(of: producer) {
            sent.results = Array(repeating: .failed(refusal), count: batch.count)
        } else {
            sent.results = append(batch, from: producer)
        }
        failTransaction(of: producer, after: sent.results)
        producers[producer]?.unacknowledged += batch.count
        return sent
    }

    /// Says that the caller of a send has its results.
    mutating func settle(_ count: Int, of producer: Int64) {
        producers[producer]?.unacknowledged -= count
        hasNews = true
    }

    func holdsAcknowledgements(of topics: [TopicName]) -> Bool {
        holdsEverything || topics.contains(where: heldTopics.contains)
    }

    /// Why a transactional producer may not send now.
    private func refusal(of producer: Int64) -> LogError? {
        guard let state = producers[producer], let name = state.configuration.transactionalID else { return nil }
        if case .abortable(let error) = state.condition { return error }
        guard coordinators[name]?.transaction == nil else { return nil }
        return .wrongState("The transactional producer \(name) has no open transaction: begin one before sending.")
    }

    /// A transaction that misses one of its records must not be committed.
    mutating func failTransaction(of producer: Int64, after results: [ProduceResult]) {
        guard let name = producers[producer]?.configuration.transactionalID,
            coordinators[name]?.transaction != nil, producers[producer]?.condition == .ready
        else { return }
        for case .failed(let error) in results {
            producers[producer]?.condition = .abortable(error)
            return
        }
    }

    private mutating func append(_ batch: ProduceBatch, from producer: Int64) -> [ProduceResult] {
        var results: [ProduceResult] = []
        results.reserveCapacity(batch.count)
        let memory = RecordMemory(copying: batch)
        var records: [TopicPartition: [StoredRecord]] = [:]
        var numbers: [TopicPartition: [Int]] = [:]
        for index in 0..<batch.count {
            switch place(batch, index) {
            case .success(let partition):
                records[partition, default: []].append(StoredRecord(batch.entries[index], now: now))
                numbers[partition, default: []].append(index)
                results.append(.acknowledged(Acknowledgement(partition.partition, 0)))
            case .failure(let error):
                results.append(.failed(error))
            }
        }
        for (partition, records) in records.sorted(by: { $0.key < $1.key }) {
            let base = write(records, to: partition, in: memory, from: producer)
            for (count, index) in (numbers[partition] ?? []).enumerated() {
                results[index] = .acknowledged(
                    Acknowledgement(
                        partition.partition,
                        Offset(base + Int64(count)),
                        timestamp: batch.entries[index].timestamp ?? now
                    )
                )
            }
        }
        hasNews = true
        return results
    }

    private mutating func write(
        _ records: [StoredRecord],
        to partition: TopicPartition,
        in memory: RecordMemory,
        from producer: Int64
    ) -> Int64 {
        var transaction: Int64?
        if let name = producers[producer]?.configuration.transactionalID {
            coordinators[name]?.transaction?.partitions.insert(partition)
            transaction = coordinators[name]?.transaction?.number
        }
        let index = Int(partition.partition.rawValue)
        // `place` has checked that the partition exists.
        return topics[partition.topic]?.partitions[index].append(records, in: memory, transaction: transaction) ?? 0
    }

    /// The partition that a record goes to, or why it is refused.
    private mutating func place(_ batch: ProduceBatch, _ index: Int) -> Result<TopicPartition, LogError> {
        let entry = batch.entries[index]
        let topic = batch.topics[Int(entry.topic)]
        if let error = faults.take(recordTo: topic) { return .failure(error) }
        guard topicExists(topic), let state = topics[topic] else { return .failure(.unknown(topic)) }
        let limit = state.settings["max.message.bytes"].flatMap { Int($0) } ?? options.maxRecordBytes
        let size = batch.size(of: entry)
        guard size <= limit else { return .failure(.tooLarge(size, limit, topic)) }
        let count = state.partitions.count
        guard let wanted = entry.partition else {
            return .success(TopicPartition(topic, choosePartition(batch, entry, topic, count)))
        }
        let partition = TopicPartition(topic, wanted)
        return (0..<count).contains(Int(wanted.rawValue)) ? .success(partition) : .failure(.unknown(partition))
    }

    private mutating func choosePartition(
        _ batch: ProduceBatch,
        _ entry: ProduceBatch.Entry,
        _ topic: TopicName,
        _ count: Int
    ) -> PartitionID {
        if let key = entry.key {
            return batch.arena.withUnsafeBytes {
                KeyPartitioner.partition(of: UnsafeRawBufferPointer(rebasing: $0[key]), among: count)
            }
        }
        let turn = topics[topic]?.keyless ?? 0
        topics[topic]?.keyless = turn + 1
        return PartitionID(rawValue: Int32(turn % count))
    }
}

extension ProduceBatch {
    /// Bytes of key, value and headers.
    fileprivate func size(of entry: Entry) -> Int {
        headerEntries[entry.headers].reduce((entry.key?.count ?? 0) + (entry.value?.count ?? 0)) {
            $0 + $1.name.count + ($1.value?.count ?? 0)
        }
    }
}

extension LogError {
    fileprivate static func tooLarge(_ size: Int, _ limit: Int, _ topic: TopicName) -> LogError {
        LogError(
            .tooLarge,
            name: "MSG_SIZE_TOO_LARGE",
            message: "A record of \(size) bytes is larger than topic \(topic) allows (\(limit)): "
                + "raise max.message.bytes or send less."
        )
    }
}
