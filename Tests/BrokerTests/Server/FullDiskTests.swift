import KafkaProtocol
import LogStorage
import TestFiles
import Testing

@testable import Broker

/// What a whole broker does while its disk is full, and afterwards.
@Suite(.timeLimit(.minutes(2))) struct FullDiskTests {
    private let folder = TemporaryFolder()
    private let disk = FullableDisk()

    private func withBroker(_ body: @escaping @Sendable (Int) throws -> Void) async throws {
        let configuration = BrokerConfiguration(dataDirectory: folder.path)
        let broker = try await Broker.start(configuration, logger: .quiet, disk: disk)
        do {
            try await blocking { try body(broker.port) }
        } catch {
            await broker.shutdown()
            throw error
        }
        await broker.shutdown()
    }

    /// Asks until the answer is no longer that it may be asked again, as clients do.
    private static func patiently(
        until isEnough: (ErrorCode) -> Bool = { _ in true },
        _ ask: () throws -> Int16
    ) throws -> Int16 {
        let again: Set<ErrorCode> = [.coordinatorNotAvailable, .concurrentTransactions, .kafkaStorageError]
        let deadline = ContinuousClock.now.advanced(by: .seconds(20))
        while true {
            let code = try ask()
            guard let error = ErrorCode(rawValue: code), again.contains(error) || !isEnough(error), .now < deadline
            else { return code }
        }
    }

    @Test func whatWasAcknowledgedIsThereAndTheRestWasRefused() async throws {
        try await withBroker { [disk] port in
            let client = try TestConnection(port: port)
            try client.createTopic("t")
            var acknowledged: [String] = []
            for number in 0..<60 {
                disk.isFull = (number / 10) % 2 == 1
                let (code, _) = try client.produce("t", "v\(number)")
                #expect(code == (disk.isFull ? ErrorCode.kafkaStorageError.rawValue : 0))
                if code == 0 { acknowledged.append("v\(number)") }
                #expect(try client.fetch("t", from: 0) == acknowledged)
            }
        }
        try await withBroker { port in
            let client = try TestConnection(port: port)
            #expect(try client.fetch("t", from: 0).count == 30)
        }
    }

    @Test func aGroupLivesOnAndItsCommitsAreRefusedNotLost() async throws {
        try await withBroker { [disk] port in
            let client = try TestConnection(port: port)
            try client.createTopic("t")
            let member = try client.join("g")
            #expect(try client.commit(5, of: "t", as: member) == 0)
            disk.isFull = true
            #expect(try client.heartbeat(member) == 0)
            #expect(try client.commit(9, of: "t", as: member) != 0)
            #expect(try client.committed("t", in: "g") == 5)
            #expect(try client.heartbeat(member) == 0)
            disk.isFull = false
            #expect(try client.commit(9, of: "t", as: member) == 0)
            #expect(try client.committed("t", in: "g") == 9)
        }
        try await withBroker { port in
            let client = try TestConnection(port: port)
            #expect(try client.committed("t", in: "g") == 9)
        }
    }

    @Test func aTransactionWaitsForRoom() async throws {
        try await withBroker { [disk] port in
            let client = try TestConnection(port: port)
            try client.createTopic("t")
            let (code, producer) = try client.initProducer("tx")
            #expect(code == 0)
            #expect(try client.add("t", to: producer) == 0)
            #expect(try client.produce("t", "first", sequence: 0, in: producer) == 0)
            disk.isFull = true
            #expect(try client.produce("t", "second", sequence: 1, in: producer) != 0)
            #expect(try client.end(producer, commit: true) != 0)
            #expect(try client.initProducer("other").code != 0)
            disk.isFull = false
            #expect(try client.produce("t", "second", sequence: 1, in: producer) == 0)
            #expect(try Self.patiently { try client.end(producer, commit: true) } == 0)
            // Offset 2 is the marker's: the next transaction shows that this one has ended.
            #expect(try Self.patiently { try client.add("t", to: producer) } == 0)
            #expect(try client.produce("t", "third", sequence: 2, in: producer) == 0)
            #expect(try Self.patiently { try client.end(producer, commit: false) } == 0)
            #expect(try client.fetch("t", from: 0).prefix(2) == ["first", "second"])
        }
    }

    @Test func aTransactionWhoseTimeIsOverIsAbortedOnceThereIsRoom() async throws {
        try await withBroker { [disk] port in
            let client = try TestConnection(port: port)
            try client.createTopic("t")
            let producer = try client.initProducer("tx", timeout: 1_000).producer
            #expect(try client.add("t", to: producer) == 0)
            #expect(try client.produce("t", "gone", sequence: 0, in: producer) == 0)
            disk.isFull = true
            // The time passes with the disk full: answers come, but nothing can be decided.
            let deadline = ContinuousClock.now.advanced(by: .milliseconds(1_500))
            while .now < deadline { #expect(try client.fetch("t", from: 0, maxWait: 50) == ["gone"]) }
            disk.isFull = false
            #expect(try client.produce("t", "after").code == 0)
            // The old producer is fenced, so the timeout and not the next InitProducerId has ended it.
            let fenced = try Self.patiently(until: { $0 != .noError }) { try client.add("t", to: producer) }
            #expect(fenced == ErrorCode.invalidProducerEpoch.rawValue)
            #expect(try Self.patiently { try client.initProducer("tx").code } == 0)
        }
    }

    @Test func topicsAndTheirSettingsAreRefusedNotHalfMade() async throws {
        try await withBroker { [disk] port in
            let client = try TestConnection(port: port)
            disk.isFull = true
            try client.createTopic("refused")
            #expect(try client.produce("refused", "v").code != 0)
            disk.isFull = false
            try client.createTopic("t")
            #expect(try client.produce("t", "v") == (0, 0))
        }
        try await withBroker { port in
            let client = try TestConnection(port: port)
            #expect(try client.fetch("t", from: 0) == ["v"])
        }
    }
}
