internal import Log

extension LogConformance {
    static let groupCases: [Case] = [
        Case("a member gets every partition and every record once") { try await $0.singleMember() },
        Case("a group goes on at its committed offset, and metadata comes back") { try await $0.committedMetadata() },
        Case("only what is assigned can be committed") { try await $0.commitOfOthers() },
        Case("given positions win over committed offsets") { try await $0.givenPositions() },
        Case("start latest passes over what is there") { try await $0.startLatest() },
        Case("nothing is read before an assignment is answered") { try await $0.unansweredAssignment() },
        Case("a paused partition is silent until it is resumed") { try await $0.pauseAndResume() },
        Case("a seek goes back and forth") { try await $0.seek() },
        Case("a batch never holds more than maxBatch messages") { try await $0.batchLimit() },
        Case("the known end follows the log") { try await $0.knownEnd() },
        Case("a second member takes over part and gives it back", needs: [.rebalances]) {
            try await $0.twoMembers()
        },
        Case("an answer to an old rebalance does nothing") { try await $0.staleAnswer() },
        Case("a closed consumer says so") { try await $0.closedConsumer() },
        Case("loops over batches that break lose nothing, and end with the consumer") { try await $0.batchLoops() },
        Case("a cancelled loop ends, and the next one goes on") { try await $0.cancelledLoop() },
        Case("waiting without news ends in idle") { try await $0.idle() },
    ]

    private func numbers(_ range: Range<Int>) -> [String] { range.map(String.init) }

    private func singleMember() async throws {
        let topic = try await topic(partitions: 3)
        for partition in [0, 1, 2] as [PartitionID] {
            try await send(ProduceBatch(numbers(0..<100), to: topic, partition: partition))
        }
        let member = try await member(of: name("group"), [topic])
        try await drive([member], "300 records") { member.seen.count >= 300 }
        await member.consumer.close()
        try require(member.assigned.count == 3, "assigned: \(member.assigned)")
        for partition in member.assigned {
            let texts = member.seen.filter { $0.partition == partition }.compactMap(\.text)
            try require(texts == numbers(0..<100), "\(partition) in order and once")
        }
    }

    private func committedMetadata() async throws {
        let topic = try await topic()
        let partition = TopicPartition(topic, 0)
        let group = name("group")
        try await send(ProduceBatch(numbers(0..<10), to: topic, partition: 0))
        let first = try await member(of: group, [topic])
        try await drive([first], "10 records") { first.seen.count >= 10 }
        let offset = CommittedOffset(4, metadata: "busbar \u{2713}")
        try require(try await first.consumer.committed([partition]).isEmpty, "nothing was committed yet")
        try await first.consumer.commit([partition: offset])
        try require(try await first.consumer.committed([partition]) == [partition: offset], "committed comes back")
        await first.consumer.close()
        let second = try await member(of: group, [topic])
        try await drive([second], "6 records") { second.seen.count >= 6 }
        try require(second.texts == numbers(4..<10), "goes on at 4: \(second.texts)")
        await second.consumer.close()
    }

    private func commitOfOthers() async throws {
        let (own, other) = (TopicPartition(try await topic(), 0), TopicPartition(try await topic(), 0))
        let member = try await member(of: name("group"), [own.topic])
        let isStale = { (error: LogError) in error.code == .staleGeneration }
        // Before the first assignment is answered nothing is.
        try await requireError("commit before the assignment", where: isStale) {
            try await member.consumer.commit([own: CommittedOffset(0)])
        }
        try await drive([member], "assignment") { !member.assigned.isEmpty }
        try await requireError("commit of another topic", where: isStale) {
            try await member.consumer.commit([other: CommittedOffset(0)])
        }
        try require(try await member.consumer.committed([own, other]).isEmpty, "nothing was committed")
        try await member.consumer.commit([own: CommittedOffset(0)])
        try require(try await member.consumer.committed([own]) == [own: CommittedOffset(0)], "its own can be")
        await member.consumer.close()
    }

    private func givenPositions() async throws {
        let topic = try await topic()
        try await send(ProduceBatch(numbers(0..<10), to: topic, partition: 0))
        let member = try await member(of: name("group"), [topic])
        try await drive([member], from: [TopicPartition(topic, 0): 7], "3 records") { member.seen.count >= 3 }
        await member.consumer.close()
        try require(member.texts == numbers(7..<10), "from 7: \(member.texts)")
    }

    private func startLatest() async throws {
        let topic = try await topic()
        try await send(ProduceBatch(["old"], to: topic, partition: 0))
        let member = try await member(of: name("group"), [topic], start: .latest)
        try await drive([member], "assignment") { !member.assigned.isEmpty }
        // The position is only certain once the broker was asked for the end: send until something arrives.
        let deadline = ContinuousClock.now.advanced(by: limit)
        while member.seen.isEmpty, ContinuousClock.now < deadline {
            try await send(ProduceBatch(["new"], to: topic, partition: 0))
            try await member.step()
        }
        await member.consumer.close()
        try require(member.texts.first == "new", "only new records: \(member.texts)")
    }

    private func unansweredAssignment() async throws {
        let topic = try await topic()
        try await send(ProduceBatch(["v"], to: topic, partition: 0))
        let consumer = try await log.consumer(ConsumerConfiguration(group: name("group"), topics: [topic]))
        let deadline = ContinuousClock.now.advanced(by: limit)
        var assignment: Rebalance?
        while assignment == nil, ContinuousClock.now < deadline {
            if case .rebalance(let rebalance) = try await consumer.next(wait: .milliseconds(100)) {
                assignment = rebalance
            }
        }
        guard let assignment else { throw ConformanceFailure("no assignment within \(limit)") }
        try require(
            assignment.change == .assign && assignment.partitions == [TopicPartition(topic, 0)],
            "\(assignment)"
        )
        if case .batch = try await consumer.next(wait: .milliseconds(200)) {
            throw ConformanceFailure("a batch came before the answer")
        }
        try require(try await consumer.complete(assignment, from: [:]), "the answer counts")
        let member = GroupMemberDriver(consumer)
        try await drive([member], "the record") { !member.seen.isEmpty }
        await consumer.close()
    }

    private func pauseAndResume() async throws {
        let topic = try await topic(partitions: 2)
        let paused = TopicPartition(topic, 0)
        let member = try await member(of: name("group"), [topic])
        try await drive([member], "both partitions") { member.assigned.count == 2 }
        try await member.consumer.pause([paused])
        try await send(ProduceBatch(["held"], to: topic, partition: 0))
        try await send(ProduceBatch(["free"], to: topic, partition: 1))
        try await drive([member], "the free partition's record") { member.texts.contains("free") }
        try await member.step(wait: .milliseconds(200))
        try require(!member.texts.contains("held"), "paused: \(member.texts)")
        try await member.consumer.resume([paused])
        try await drive([member], "the held record") { member.texts.contains("held") }
        await member.consumer.close()
    }

    private func seek() async throws {
        let topic = try await topic()
        let partition = TopicPartition(topic, 0)
        try await send(ProduceBatch(numbers(0..<10), to: topic, partition: 0))
        let member = try await member(of: name("group"), [topic])
        try await drive([member], "10 records") { member.seen.count >= 10 }
        member.forget()
        try await member.consumer.seek(partition, to: 2)
        try await drive([member], "8 records") { member.seen.count >= 8 }
        try require(member.texts == numbers(2..<10), "from 2: \(member.texts)")
        member.forget()
        try await member.consumer.seek(partition, to: 9)
        try await drive([member], "1 record") { !member.seen.isEmpty }
        try require(member.texts == ["9"], "from 9: \(member.texts)")
        await member.consumer.close()
    }

    private func batchLimit() async throws {
        let topic = try await topic()
        try await send(ProduceBatch(numbers(0..<25), to: topic, partition: 0))
        let member = try await member(of: name("group"), [topic], maxBatch: 4)
        var before = 0
        try await drive([member], "25 records") {
            try require(member.seen.count - before <= 4, "a batch of \(member.seen.count - before)")
            before = member.seen.count
            return member.seen.count >= 25
        }
        await member.consumer.close()
        try require(member.texts == numbers(0..<25), "all, in order")
    }

    private func knownEnd() async throws {
        let topic = try await topic()
        let partition = TopicPartition(topic, 0)
        try await send(ProduceBatch(numbers(0..<10), to: topic, partition: 0))
        let member = try await member(of: name("group"), [topic])
        try require(member.consumer.knownEnd(of: partition) == nil, "not known before anything was read")
        try await drive([member], "the end") {
            member.seen.count >= 10 && member.consumer.knownEnd(of: partition) == 10
        }
        await member.consumer.close()
    }

    private func twoMembers() async throws {
        let topic = try await topic(partitions: 4)
        let group = name("group")
        let first = try await member(of: group, [topic])
        try await drive([first], "all four") { first.assigned.count == 4 }
        let second = try await member(of: group, [topic])
        try await drive([first, second], "two each") { first.assigned.count == 2 && second.assigned.count == 2 }
        try require(first.assigned.isDisjoint(with: second.assigned), "a partition has one owner")
        let revoked = first.rebalances.filter { $0.change == .revoke }.flatMap(\.partitions)
        try require(Set(revoked) == second.assigned, "only what moves is revoked: \(revoked)")
        for partition in [0, 1, 2, 3] as [PartitionID] {
            try await send(ProduceBatch(["v\(partition)"], to: topic, partition: partition))
        }
        try await drive([first, second], "four records") { first.seen.count + second.seen.count >= 4 }
        try require(Set(first.seen.map(\.partition)) == first.assigned, "the first reads its own")
        try require(Set(second.seen.map(\.partition)) == second.assigned, "the second reads its own")
        await second.consumer.close()
        try await drive([first], "all four again") { first.assigned.count == 4 }
        let generations = first.rebalances.map(\.generation)
        try require(generations == generations.sorted() && generations.first == 1, "generations: \(generations)")
        await first.consumer.close()
    }

    private func staleAnswer() async throws {
        let topic = try await topic()
        let member = try await member(of: name("group"), [topic])
        try await drive([member], "assignment") { !member.assigned.isEmpty }
        let answered = member.rebalances[member.rebalances.count - 1]
        try require(try await !member.consumer.complete(answered, from: [:]), "it was answered before")
        await member.consumer.close()
    }

    private func closedConsumer() async throws {
        let topic = try await topic()
        let member = try await member(of: name("group"), [topic])
        try await drive([member], "assignment") { !member.assigned.isEmpty }
        await member.consumer.close()
        await member.consumer.close()
        guard case .closed = try await member.consumer.next(wait: limit) else {
            throw ConformanceFailure("an event after close")
        }
        try await requireError("commit after close", where: isClosed) {
            try await member.consumer.commit([TopicPartition(topic, 0): CommittedOffset(0)])
        }
    }

    private func idle() async throws {
        let topic = try await topic()
        let member = try await member(of: name("group"), [topic])
        try await drive([member], "assignment") { !member.assigned.isEmpty }
        guard case .idle = try await member.consumer.next(wait: .milliseconds(20)) else {
            throw ConformanceFailure("an event from nowhere")
        }
        await member.consumer.close()
    }

    private func batchLoops() async throws {
        let topic = try await topic()
        try await send(ProduceBatch(numbers(0..<30), to: topic, partition: 0))
        let configuration = ConsumerConfiguration(group: name("group"), topics: [topic], maxBatch: 10)
        let consumer = try await log.consumer(configuration)
        var texts: [String?] = []
        while texts.count < 30 {
            for try await batch in consumer.batches {
                batch.forEach { texts.append(SeenRecord($0).text) }
                break
            }
        }
        try require(texts == numbers(0..<30), "every record once and in order: \(texts)")
        await consumer.close()
        for try await _ in consumer.batches { throw ConformanceFailure("a closed consumer has batches") }
    }

    private func cancelledLoop() async throws {
        let topic = try await topic()
        let configuration = ConsumerConfiguration(group: name("group"), topics: [topic])
        let consumer = try await log.consumer(configuration)
        let loop = Task {
            for try await _ in consumer.batches { throw ConformanceFailure("a batch of an empty topic") }
        }
        loop.cancel()
        try await loop.value
        try await send(ProduceBatch(["after"], to: topic, partition: 0))
        for try await batch in consumer.batches {
            let copy = batch[0].copy()
            try require(copy.value == Array("after".utf8), "value: \(copy)")
            try require(copy.topicPartition == TopicPartition(topic, 0) && copy.offset == 0, "place: \(copy)")
            try require(copy.timestampType == .createTime, "timestamp: \(copy)")
            break
        }
        await consumer.close()
    }
}
