internal import ConnectorKit
internal import Delivery
internal import Log

/// Delivering: what each of the delivery tasks does, off the driver's thread.
extension DeliveryDriver {
    typealias Start = KeyLanes<Flight>.Start

    /// Takes deliveries and makes them, one after another.
    @concurrent
    nonisolated func deliverUntilClosed() async {
        while let starts = await nextStarts() { await handle(starts) }
    }

    /// Deals with records that were started together. Under `order: partition` they may follow each other in one
    /// partition: none then overtakes another that has to be tried again.
    private nonisolated func handle(_ starts: [Start]) async {
        var stalled: Set<TopicPartition> = []
        for run in runs(of: starts) {
            let late = run.filter { stalled.contains($0.element.topicPartition) }
            await putBack(late)
            let ready = late.isEmpty ? run : run.filter { !stalled.contains($0.element.topicPartition) }
            for start in ready {
                if case .deadLetter(let cause) = start.element.work { await writeDeadLetter(of: start, cause) }
            }
            guard let route = ready.first?.element.work.route else { continue }
            stalled.formUnion(await deliver(ready, to: route))
        }
    }

    /// The records in groups of one route: all of a route together, unless the order of a partition is to be kept.
    private nonisolated func runs(of starts: [Start]) -> [[Start]] {
        if plan.delivery.order != .partition {
            let byRoute = Dictionary(grouping: starts) { $0.element.work.route }
            return byRoute.sorted { ($0.key ?? -1) < ($1.key ?? -1) }.map(\.value)
        }
        return starts.reduce(into: []) { runs, start in
            if let last = runs.last?.last, last.element.work.route == start.element.work.route {
                runs[runs.count - 1].append(start)
            } else {
                runs.append([start])
            }
        }
    }

    /// Makes one attempt, in as many requests as the target's batch size and its refusals call for, and concludes it.
    /// - Returns: the partitions that must not be gone on with now (`order: partition`).
    private nonisolated func deliver(_ starts: [Start], to route: Int) async -> Set<TopicPartition> {
        let size = batchSize(of: route)
        var stalled: Set<TopicPartition> = []
        for first in stride(from: 0, to: starts.count, by: size) {
            let chunk = starts[first..<min(first + size, starts.count)].filter {
                !stalled.contains($0.element.topicPartition)
            }
            await putBack(
                starts[first..<min(first + size, starts.count)].filter {
                    stalled.contains($0.element.topicPartition)
                }
            )
            if chunk.isEmpty { continue }
            guard let permit = await permission(for: route, records: chunk.count) else {
                await abandon(chunk)
                continue
            }
            let began = environment.clock.now()
            let results = await attempt(chunk, at: route)
            if plan.delivery.order == .partition {
                for (start, result) in zip(chunk, results) where result?.isFinal != true {
                    stalled.insert(start.element.topicPartition)
                }
            }
            let letters = await conclude(chunk, results, at: route, permit: permit, began: began)
            for letter in letters { await writeDeadLetter(of: letter.start, letter.cause) }
        }
        return stalled
    }

    /// One attempt at a batch; one that is refused as a whole is halved until the record that spoils it stands alone.
    /// - Returns: `nil` for a record that was not sent, because an earlier one has to be tried again first.
    private nonisolated func attempt(_ starts: [Start], at route: Int) async -> [SinkResult?] {
        let records = starts.compactMap { start -> Record? in
            if case .deliver(let record, _) = start.element.work { record } else { nil }
        }
        var results = [SinkResult?](repeating: nil, count: records.count)
        var bisection = BatchBisection(count: records.count)
        while case .send(let part) = bisection.next {
            let answers = await send(Array(records[part]), to: route)
            guard part.count > 1, answers.allSatisfy(\.isRejection) else {
                for (index, answer) in zip(part, answers) { results[index] = answer }
                if plan.delivery.order == .partition, !answers.allSatisfy(\.isFinal) { break }
                _ = bisection.onAccepted()
                continue
            }
            _ = bisection.onRefused()
        }
        return results
    }

    private nonisolated func send(_ records: [Record], to route: Int) async -> [SinkResult] {
        switch plan.routes[route].target {
        case .external(let sink):
            let results = await sink.deliver(records, within: plan.delivery.timeout, clock: environment.clock)
            if results.count == records.count { return results }
            let detail = "the sink gave \(results.count) results for \(records.count) records"
            return records.map { _ in .fatal(detail: detail) }
        case .log(let sink):
            return await produce(records, by: sink)
        }
    }

    private nonisolated func produce(_ records: [Record], by sink: any LogSink) async -> [SinkResult] {
        var batch = ProduceBatch()
        for record in records { batch.append(record, to: sink.route(record)) }
        do {
            return try await producer.send(batch).map(SinkResult.init)
        } catch {
            return records.map { _ in SinkResult(error) }
        }
    }

    private nonisolated func batchSize(of route: Int) -> Int {
        switch plan.routes[route].target {
        case .external(let sink): max(1, sink.batching?.max ?? 1)
        case .log: 1000
        }
    }

    /// Writes a dead letter until the broker has it. Until then the record has no outcome, so that its partition's offset
    /// cannot pass it: a dead-letter topic that fails stops the partition and loses nothing.
    private nonisolated func writeDeadLetter(of start: Start, _ cause: DeadLetterCause) async {
        guard plan.delivery.deadLetter != nil else { return await refuse(start, cause) }
        var wait = Duration.milliseconds(200)
        while true {
            do throws(LogError) {
                try await letters.write(Record(start.element.message), cause)
                return await concludeDeadLetter(start, cause.reason)
            } catch {
                guard await deadLetterFailed(start, error, retryIn: wait) else { return await abandon([start]) }
            }
            wait = min(wait * 2, .seconds(30))
        }
    }
}

extension SinkResult {
    fileprivate var isRejection: Bool {
        if case .reject = self { true } else { false }
    }

    /// The record needs no other attempt.
    fileprivate var isFinal: Bool {
        switch self {
        case .delivered, .reject: true
        case .retry, .pause, .fatal: false
        }
    }

    /// What a record's delivery report means for it.
    init(_ result: ProduceResult) {
        switch result {
        case .acknowledged: self = .delivered
        case .failed(let error): self = SinkResult(error)
        }
    }

    /// What a failed call to the log means for a record.
    init(_ error: LogError) {
        switch error.code {
        case .tooLarge: self = .reject(.tooLarge, detail: "\(error)")
        case .authentication: self = .pause(.credentials, detail: "\(error)")
        case .authorization: self = .reject(.permission, detail: "\(error)")
        case .fenced, .closed, .configuration: self = .fatal(detail: "\(error)")
        default: self = error.isFatal ? .fatal(detail: "\(error)") : .retry(.timeout, after: nil, detail: "\(error)")
        }
    }
}

extension ProduceBatch {
    /// Appends `record` as it goes to `route`.
    mutating func append(_ record: Record, to route: LogRoute) {
        route.withKey { key in
            record.value.withBytes { value in
                append(
                    topic: route.topic,
                    partition: route.partition,
                    key: key,
                    value: value,
                    timestamp: route.timestamp
                )
                record.forEachHeader { name, value in addHeader(name, value) }
            }
        }
    }
}
