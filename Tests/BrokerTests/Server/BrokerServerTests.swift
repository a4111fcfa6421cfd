import ConnectorKit
import Foundation
import KafkaProtocol
import LogStorage
import Logging
import NIOCore
import Telemetry
import TestFiles
import Testing

@testable import Broker

/// A whole broker in this process, asked over its socket.
@Suite(.timeLimit(.minutes(2))) struct BrokerServerTests {
    private let folder = TemporaryFolder()

    private func configuration() -> BrokerConfiguration { BrokerConfiguration(dataDirectory: folder.path) }

    /// Runs `body` against a broker, off the cooperative threads because the client blocks, and stops it.
    private func withBroker(
        _ configuration: BrokerConfiguration? = nil,
        disk: any Disk = POSIXDisk(),
        _ body: @escaping @Sendable (Int) throws -> Void
    ) async throws {
        let broker = try await Broker.start(configuration ?? self.configuration(), logger: .quiet, disk: disk)
        do {
            try await blocking { try body(broker.port) }
        } catch {
            await broker.shutdown()
            throw error
        }
        await broker.shutdown()
    }

    @Test func recordsComeBackAfterARestart() async throws {
        try await withBroker { port in
            let client = try TestConnection(port: port)
            try client.createTopic("t")
            #expect(try client.produce("t", "a") == (0, 0))
            #expect(try client.produce("t", "b", acks: 1) == (0, 1))
        }
        #expect(FileManager.default.fileExists(atPath: folder.path + "/clean-stop"))
        try await withBroker { port in
            let client = try TestConnection(port: port)
            #expect(try client.fetch("t", from: 0) == ["a", "b"])
        }
    }

    @Test func internalTopicsHaveNoFilesUntilTheyAreWritten() async throws {
        try await withBroker { port in
            let client = try TestConnection(port: port)
            try client.createTopic("t")
            #expect(try client.fetch("__consumer_offsets", from: 0) == [])
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/log") == [])
    }

    @Test func answersComeInTheOrderOfTheRequests() async throws {
        try await withBroker { port in
            let client = try TestConnection(port: port)
            try client.createTopic("t")
            try client.sendFetch("t", from: 0, maxWait: 500)
            try client.sendProduce("t", "late")
            for _ in 0..<20 {
                try client.send(.metadata, 4) { writer in
                    writer.int32(0)
                    writer.bool(false)
                }
            }
            _ = try client.receiveFetch()
            #expect(try client.receiveProduce() == (0, 0))
            let ids = try (0..<20).map { _ in try client.receive(.metadata, 4).correlationID }
            #expect(ids == Array(4..<24))
        }
    }

    @Test func aFetchThatWaitsIsAnsweredByTheNextRecord() async throws {
        try await withBroker { port in
            let reader = try TestConnection(port: port)
            let writer = try TestConnection(port: port)
            try writer.createTopic("t")
            let begun = ContinuousClock.now
            try reader.sendFetch("t", from: 0, maxWait: 15_000)
            _ = try writer.produce("t", "now")
            #expect(try reader.receiveFetch() == ["now"])
            #expect(ContinuousClock.now - begun < .seconds(10))
        }
    }

    @Test func aFetchThatWaitsIsAnsweredWhenItsTimeIsOver() async throws {
        try await withBroker { port in
            let client = try TestConnection(port: port)
            try client.createTopic("t")
            let begun = ContinuousClock.now
            #expect(try client.fetch("t", from: 0, maxWait: 200) == [])
            #expect(ContinuousClock.now - begun >= .milliseconds(190))
        }
    }

    @Test func aLargeAnswerComesWholeToASlowReader() async throws {
        try await withBroker { port in
            let client = try TestConnection(port: port)
            try client.createTopic("t")
            let value = String(repeating: "x", count: 900_000)
            for _ in 0..<12 { #expect(try client.produce("t", value).code == 0) }
            let other = try TestConnection(port: port)
            for _ in 0..<3 { try other.sendFetch("t", from: 0, maxWait: 0) }
            // The answers are larger than the socket's buffers: the broker has to stop and go on.
            #expect(try client.produce("t", "next").code == 0)
            for _ in 0..<3 { #expect(try other.receiveFetch().count >= 12) }
        }
    }

    @Test(arguments: [
        Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8), [0x16, 0x03, 0x01, 0x02, 0x00, 0x01],
        [0x7F, 0xFF, 0xFF, 0xFF, 1, 2], [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 8, 0x7F, 0, 0, 0, 0, 0, 0, 1],
        [0, 0, 0, 9, 0, 0, 0, 3, 0, 0, 0, 1, 0],
    ])
    func hostileBytesCloseTheirConnectionAndHurtNobody(bytes: [UInt8]) async throws {
        try await withBroker { port in
            let friend = try TestConnection(port: port)
            try friend.createTopic("t")
            let enemy = try TestConnection(port: port)
            try enemy.send(bytes)
            #expect(enemy.isClosedByPeer())
            #expect(try friend.produce("t", "a") == (0, 0))
        }
    }

    @Test func aConnectionAboveTheLimitIsClosedAtOnce() async throws {
        var configuration = configuration()
        configuration.limits.connections = 2
        try await withBroker(configuration) { port in
            let friends = try (0..<2).map { _ in try TestConnection(port: port) }
            for friend in friends { try friend.createTopic("t") }
            let third = try TestConnection(port: port)
            #expect(third.isClosedByPeer())
            #expect(try friends[1].produce("t", "a") == (0, 0))
        }
    }

    @Test func anIdleConnectionIsClosed() async throws {
        var configuration = configuration()
        configuration.limits.idle = .milliseconds(200)
        try await withBroker(configuration) { port in
            let client = try TestConnection(port: port)
            #expect(client.isClosedByPeer())
        }
    }

    @Test func aRequestThatStopsArrivingIsGivenUp() async throws {
        var configuration = configuration()
        configuration.limits.requestArrival = .milliseconds(200)
        try await withBroker(configuration) { port in
            let client = try TestConnection(port: port)
            try client.send([0, 0, 1, 0, 0])
            #expect(client.isClosedByPeer())
        }
    }

    @Test func memoryIsBoundedByMakingClientsWaitNotByLosingWhatTheySent() async throws {
        var configuration = configuration()
        configuration.limits.totalBytes = 1 << 20
        configuration.limits.connectionBytes = 64 << 10
        try await withBroker(configuration) { port in
            let clients = try (0..<8).map { _ in try TestConnection(port: port) }
            try clients[0].createTopic("t")
            let value = String(repeating: "y", count: 400_000)
            for client in clients {
                for _ in 0..<2 { try client.sendProduce("t", value) }
            }
            let codes = try clients.flatMap { client in try (0..<2).map { _ in try client.receiveProduce().code } }
            #expect(codes == Array(repeating: 0, count: 16))
        }
    }

    @Test func apiVersionsOfAnUnknownVersionAreAnsweredInVersionZero() async throws {
        try await withBroker { port in
            let client = try TestConnection(port: port)
            try client.send([0, 0, 0, 12, 0, 18, 0, 99, 0, 0, 0, 5, 0, 1, 120, 0])
            var answer = try client.receive(.apiVersions, 0)
            #expect(answer.correlationID == 5)
            #expect(try answer.body.int16() == ErrorCode.unsupportedVersion.rawValue)
        }
    }

    @Test func aSecondBrokerOnTheSameFolderIsRefused() async throws {
        let broker = try await Broker.start(configuration(), logger: .quiet)
        let error = await #expect(throws: BrokerError.self) {
            try await Broker.start(configuration(), logger: .quiet)
        }
        #expect(error?.code == .locked)
        await broker.shutdown()
    }

    @Test func aPublicAddressIsRefusedWithoutAuthentication() async throws {
        var configuration = configuration()
        configuration.host = "0.0.0.0"
        let error = await #expect(throws: BrokerError.self) { try await Broker.start(configuration, logger: .quiet) }
        #expect(error?.code == .configuration)
    }

    @Test func aFullDiskRefusesWritesServesReadsAndRecovers() async throws {
        let disk = FullableDisk()
        try await withBroker(disk: disk) { port in
            let client = try TestConnection(port: port)
            try client.createTopic("t")
            #expect(try client.produce("t", "before") == (0, 0))
            disk.isFull = true
            #expect(try client.produce("t", "lost").code == ErrorCode.kafkaStorageError.rawValue)
            #expect(try client.fetch("t", from: 0) == ["before"])
            disk.isFull = false
            #expect(try client.produce("t", "after") == (0, 1))
            #expect(try client.fetch("t", from: 0) == ["before", "after"])
        }
    }

    @Test func aClientIsAnsweredOnlyAfterItHasSaidWhoItIs() async throws {
        var configuration = configuration()
        configuration.sasl = .init(mechanisms: [.plain], users: [("bob", SecretString("geheim"))])
        configuration.authorization = .init(superUsers: ["User:bob"], allowsWithoutRule: false)
        try await withBroker(configuration) { port in
            let stranger = try TestConnection(port: port)
            try stranger.send(.metadata, 4) { writer in
                writer.int32(0)
                writer.bool(false)
            }
            #expect(stranger.isClosedByPeer())
            let guesser = try TestConnection(port: port)
            #expect(try guesser.authenticate("bob", "falsch") == ErrorCode.saslAuthenticationFailed.rawValue)
            #expect(guesser.isClosedByPeer())
            let bob = try TestConnection(port: port)
            #expect(try bob.authenticate("bob", "geheim") == 0)
            try bob.createTopic("t")
            #expect(try bob.produce("t", "a") == (0, 0))
        }
    }

    @Test func aRecordWithoutAKeyIsRefusedByACompactedTopic() async throws {
        var configuration = configuration()
        configuration.topics.settings["cleanup.policy"] = "compact"
        try await withBroker(configuration) { port in
            let client = try TestConnection(port: port)
            try client.createTopic("t")
            #expect(try client.produce("t", "a") == (0, 0))
            try client.sendProduce("t", "b", key: nil)
            #expect(try client.receiveProduce().code == ErrorCode.invalidRecord.rawValue)
        }
    }

    @Test func aDeletedTopicIsGoneAndOneOfTheSameNameIsEmpty() async throws {
        try await withBroker { port in
            let client = try TestConnection(port: port)
            try client.createTopic("t")
            _ = try client.produce("t", "old")
            _ = try client.call(.deleteTopics, 1) { writer in
                writer.int32(1)
                writer.string("t")
                writer.int32(1_000)
            }
            #expect(try client.produce("t", "x").code == ErrorCode.unknownTopicOrPartition.rawValue)
            try client.createTopic("t")
            #expect(try client.fetch("t", from: 0) == [])
        }
    }
}

extension Logger {
    /// Says nothing.
    static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

/// Runs blocking work on a thread of its own.
func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
    }
}
