package import ConnectorKit
internal import Delivery
internal import Log
internal import LogTesting

/// A sink with its target, for ``SinkConformance``. Each check gets a fresh one.
package protocol SinkBench: Sendable {
    /// A sink on the bench's target; a second call gives a second sink on the same target, the first one closed.
    func makeSink() async throws -> any Sink

    /// The payloads whose effect the target has, each idempotency key once, in order.
    func delivered() async throws -> [String]

    /// Makes the target fail its next `attempts` in a way that calls for a retry; `false` when it has no such way.
    func failNext(_ attempts: Int) async throws -> Bool
}

/// The rules of ``Sink`` that every sink is held to.
package enum SinkConformance: String, CaseIterable, Sendable {
    case deliversInOrderWhatItSaysItDelivers
    case givesOneResultPerRecordInOrder
    case takesAnEmptyDelivery
    case answersForAnEmptyPayload
    case answersForATombstone
    case takesAPayloadOfOneMebibyte
    case takesBinaryAndRepeatedHeaders
    case takesConcurrentDeliveries
    case deliversOnceAfterRetriableFailures
    case reportsWhatACancelledDeliveryDid
    case closesMoreThanOnce
    case goesOnAfterARestart

    /// Runs the check.
    /// - Throws: ``ConformanceFailure``, or what the bench throws.
    package func run(on bench: some SinkBench) async throws {
        let sink = try await bench.makeSink()
        do {
            try await check(sink, bench)
        } catch {
            await sink.close()
            throw error
        }
        await sink.close()
    }

    private func check(_ sink: any Sink, _ bench: some SinkBench) async throws {
        switch self {
        case .deliversInOrderWhatItSaysItDelivers: try await deliversInOrder(sink, bench)
        case .givesOneResultPerRecordInOrder: try await givesResults(sink, bench)
        case .takesAnEmptyDelivery: try await takesEmptyDelivery(sink, bench)
        case .answersForAnEmptyPayload: try await answers(sink, bench, for: .owned([]))
        case .answersForATombstone: try await answers(sink, bench, for: .null)
        case .takesAPayloadOfOneMebibyte: try await takesLargePayload(sink, bench)
        case .takesBinaryAndRepeatedHeaders: try await takesHeaders(sink, bench)
        case .takesConcurrentDeliveries: try await takesConcurrency(sink, bench)
        case .deliversOnceAfterRetriableFailures: try await retries(sink, bench)
        case .reportsWhatACancelledDeliveryDid: try await reportsCancelled(sink, bench)
        case .closesMoreThanOnce: await sink.close()
        case .goesOnAfterARestart: try await goesOn(sink, bench)
        }
    }

    private func record(_ number: Int, _ value: Payload? = nil) -> Record {
        Record(
            id: "conformance/0/\(number)",
            value: value ?? .owned(Array(#"{"n":\#(number)}"#.utf8)),
            timestamp: Timestamp(milliseconds: 1_795_359_795_042),
            origin: Record.Origin(TopicPartition("conformance", 0), Offset(Int64(number)))
        )
    }

    private func payloads(_ numbers: some Sequence<Int>) -> [String] {
        numbers.map { #"{"n":\#($0)}"# }
    }

    private func expect(_ bench: some SinkBench, _ payloads: [String]) async throws {
        let delivered = try await bench.delivered()
        try ConformanceFailure.require(
            delivered == payloads,
            "the target has \(delivered.count) payloads \(delivered.prefix(5)), not the \(payloads.count) that were delivered"
        )
    }
}

extension SinkConformance {
    private func deliversInOrder(_ sink: any Sink, _ bench: some SinkBench) async throws {
        let results = await sink.deliver((0..<10).map { record($0) })
        try ConformanceFailure.require(results == Array(repeating: .delivered, count: 10), "not delivered: \(results)")
        try await expect(bench, payloads(0..<10))
    }

    private func givesResults(_ sink: any Sink, _ bench: some SinkBench) async throws {
        let records = [record(0), record(1, .owned([0xFF, 0xFE])), record(2, .null), record(3)]
        let results = await sink.deliver(records)
        try ConformanceFailure.require(results.count == 4, "\(results.count) results for 4 records")
        try ConformanceFailure.require(
            results[0] == .delivered && results[3] == .delivered,
            "a record that can be delivered suffers from its neighbours: \(results)"
        )
        let delivered = try await bench.delivered()
        let count = results.count { $0 == .delivered }
        try ConformanceFailure.require(
            delivered.count == count,
            "\(count) reported as delivered, \(delivered.count) there"
        )
        let ends = [delivered.first, delivered.last]
        try ConformanceFailure.require(ends == payloads([0, 3]), "the results are not in the order of the records")
    }

    private func takesEmptyDelivery(_ sink: any Sink, _ bench: some SinkBench) async throws {
        let results = await sink.deliver([])
        try ConformanceFailure.require(results.isEmpty, "results for nothing: \(results)")
        try await expect(bench, [])
    }

    /// Delivered or rejected, and the target agrees; never retried for ever.
    private func answers(_ sink: any Sink, _ bench: some SinkBench, for value: Payload) async throws {
        let results = await sink.deliver([record(0, value)])
        let delivered = try await bench.delivered().count
        switch results.first {
        case .delivered: try ConformanceFailure.require(delivered == 1, "reported as delivered, and not there")
        case .reject: try ConformanceFailure.require(delivered == 0, "rejected, and there all the same")
        default: throw ConformanceFailure("neither delivered nor rejected: \(results)")
        }
    }

    private func takesLargePayload(_ sink: any Sink, _ bench: some SinkBench) async throws {
        let text = "\"" + String(repeating: "x", count: (1 << 20) - 2) + "\""
        let results = await sink.deliver([record(0, .owned(Array(text.utf8)))])
        try ConformanceFailure.require(results == [.delivered], "not delivered: \(results)")
        try ConformanceFailure.require(try await bench.delivered() == [text], "the payload arrived changed")
    }

    private func takesHeaders(_ sink: any Sink, _ bench: some SinkBench) async throws {
        var record = record(0)
        record.headers = [
            Header("bin", [0x00, 0xFF, 0x0D, 0x0A]), Header("twice", "1"), Header("twice", "2"), Header("null", nil),
            Header("", "unnamed"), Header("é\r\n", "x"),
        ]
        let results = await sink.deliver([record])
        try ConformanceFailure.require(results == [.delivered], "not delivered: \(results)")
        try await expect(bench, payloads([0]))
    }

    private func takesConcurrency(_ sink: any Sink, _ bench: some SinkBench) async throws {
        let delivered = await withTaskGroup { group in
            for batch in 0..<8 {
                let records = (0..<5).map { record(batch * 5 + $0) }
                group.addTask { await sink.deliver(records).count { $0 == .delivered } }
            }
            return await group.reduce(0, +)
        }
        try ConformanceFailure.require(delivered == 40, "\(delivered) of 40 delivered")
        let there = try await bench.delivered().sorted()
        try ConformanceFailure.require(
            there == payloads(0..<40).sorted(),
            "\(there.count) of 40 payloads are there, once each"
        )
    }

    private func retries(_ sink: any Sink, _ bench: some SinkBench) async throws {
        guard try await bench.failNext(2) else { return }
        var attempts = 0
        while attempts < 10 {
            attempts += 1
            let result = await sink.deliver([record(0)])
            if result == [.delivered] { break }
            guard case .retry? = result.first else { throw ConformanceFailure("not retried: \(result)") }
        }
        try ConformanceFailure.require(attempts == 3, "delivered at attempt \(attempts), the target failed 2")
        try await expect(bench, payloads([0]))
    }

    private func reportsCancelled(_ sink: any Sink, _ bench: some SinkBench) async throws {
        let records = (0..<20).map { record($0) }
        let delivery = Task { await sink.deliver(records) }
        delivery.cancel()
        let results = await delivery.value
        try ConformanceFailure.require(results.count == 20, "\(results.count) results for 20 records")
        let there = Set(try await bench.delivered())
        for (number, result) in results.enumerated() where result == .delivered {
            try ConformanceFailure.require(
                there.contains(payloads([number])[0]),
                "record \(number) of a cancelled delivery is reported as delivered, and not there"
            )
        }
        let again = await sink.deliver(records)
        try ConformanceFailure.require(
            again.allSatisfy { $0 == .delivered },
            "the sink is unusable after a cancellation"
        )
        let complete = Set(try await bench.delivered())
        try ConformanceFailure.require(complete == Set(payloads(0..<20)), "records are missing after a second delivery")
    }

    private func goesOn(_ sink: any Sink, _ bench: some SinkBench) async throws {
        _ = await sink.deliver([record(0)])
        await sink.close()
        let next = try await bench.makeSink()
        let results = await next.deliver([record(1)])
        await next.close()
        try ConformanceFailure.require(results == [.delivered], "not delivered after a restart: \(results)")
        try await expect(bench, payloads([0, 1]))
    }
}
