import ConnectorKit
import Logging
import NIOCore
import NIOPosix
import TestKit
import Testing

@testable import Connectors

@Suite(.timeLimit(.minutes(2)))
struct WebhookListenerTests {
    private let listeners = WebhookListeners(logger: Logger(label: "test"))

    @Test func connectorsOfOneWorkerShareAListenerByPath() async throws {
        let listeners = listeners
        try await WebhookBench.run(WebhookBench.github(path: "/a"), listeners: listeners) { first async throws in
            let shared = try WebhookBench.github(path: "/b")
            try await WebhookBench.run(shared, listeners: listeners) { second async throws in
                #expect(second.address == first.address)
                #expect(try await first.send("{}", WebhookBench.headers("{}")).status == 202)
                #expect(try await second.send("{}", WebhookBench.headers("{}")).status == 202)
                #expect(first.intake.records.count == 1)
                #expect(second.intake.records.count == 1)
            }
            #expect(try await first.send("{}", WebhookBench.headers("{}"), path: "/b").status == 404)
            #expect(try await first.send("{}", WebhookBench.headers("{}")).status == 202)
        }
    }

    @Test func aTakenPathIsAnErrorAndTheFirstConnectorGoesOn() async throws {
        let listeners = listeners
        try await WebhookBench.run(WebhookBench.github(), listeners: listeners) { bench async throws in
            let second = WebhookSource(try WebhookBench.github(), listeners: listeners, now: { testTime })
            await #expect {
                try await second.run(into: RecordingIntake())
            } throws: {
                ($0 as? ConnectorError)?.code == .pathTaken
            }
            #expect(try await bench.send("{}", WebhookBench.headers("{}")).status == 202)
        }
    }

    @Test func aTakenPortIsAnErrorThatNamesIt() async throws {
        let target = try await FakeTarget.start()
        let address = try ListenAddress(host: "127.0.0.1", port: target.port)
        let source = WebhookSource(try WebhookBench.github(address: address), listeners: listeners, now: { testTime })
        await #expect {
            try await source.run(into: RecordingIntake())
        } throws: {
            ($0 as? ConnectorError)?.code == .cannotListen && "\($0)".contains("127.0.0.1:\(target.port)")
        }
        try await target.stop()
    }

    @Test func anAddressCanBeUsedAgainAfterItsLastConnectorLeft() async throws {
        let listeners = listeners
        let free = try await FakeTarget.start()
        try await free.stop()
        let address = try ListenAddress(host: "127.0.0.1", port: free.port)
        for _ in 0..<3 {
            try await WebhookBench.run(WebhookBench.github(address: address), listeners: listeners) {
                bench async throws in
                #expect(try await bench.send("{}", WebhookBench.headers("{}")).status == 202)
            }
        }
    }

    @Test func cancellationFinishesRequestsUnderWayAndRefusesNewOnes() async throws {
        let intake = RecordingIntake()
        intake.hold()
        let bound = Observed<ListenAddress?>(nil)
        let settings = try WebhookBench.github().reporting { address in bound.update { $0 = address } }
        let source = WebhookSource(settings, listeners: listeners, now: { testTime })
        let run = Task { try await source.run(into: intake) }
        guard let address = try await bound.value(when: { $0 != nil }) else { return }
        let bench = WebhookBench(intake: intake, address: address, path: "/github")
        async let underWay = bench.send("{}", WebhookBench.headers("{}"))
        try await intake.state { $0.calls == 1 }
        run.cancel()
        // The source is stopping as soon as it refuses; until then requests are held like the first one.
        var refused = false
        while !refused {
            let connection = try await RawConnection.open(address)
            let answer = try await connection.exchange("POST /github HTTP/1.1\r\nHost: x\r\n\r\n")
            refused = answer.hasPrefix("HTTP/1.1 503")
        }
        intake.release()
        #expect(try await underWay.status == 202)
        try await run.value
        #expect(intake.records.count == 1)
        await #expect(throws: (any Error).self) { try await RawConnection.open(address) }
    }

    @Test func aDrippingBodyIsCutOff() async throws {
        let settings = try WebhookSettings(
            address: ListenAddress(host: "127.0.0.1", port: 0),
            path: "/any",
            profile: .none,
            bodyTimeout: .milliseconds(300)
        )
        try await WebhookBench.run(settings) { bench async throws in
            let connection = try await RawConnection.open(bench.address)
            let head = "POST /any HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
            #expect(try await connection.exchange(head).hasPrefix("HTTP/1.1 408"))
            #expect(bench.intake.current.calls == 0)
        }
    }

    @Test func aBodySlowerThanTheMinimumIsCutOff() async throws {
        let settings = try WebhookSettings(
            address: ListenAddress(host: "127.0.0.1", port: 0),
            path: "/any",
            profile: .none,
            bodyTimeout: .milliseconds(1000),
            minRate: 1 << 20,
            bodyGrace: .milliseconds(10)
        )
        try await WebhookBench.run(settings) { bench async throws in
            let connection = try await RawConnection.open(bench.address)
            let head =
                "POST /any HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            #expect(try await connection.exchange(head + "1\r\n{\r\n").hasPrefix("HTTP/1.1 408"))
        }
    }

    @Test func aTruncatedBodyIsNotAccepted() async throws {
        let settings = try WebhookSettings(
            address: ListenAddress(host: "127.0.0.1", port: 0),
            path: "/any",
            profile: .none
        )
        try await WebhookBench.run(settings) { bench async throws in
            for framing in ["Content-Length: 100\r\n\r\n{}", "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"] {
                let connection = try await RawConnection.open(bench.address)
                let head = "POST /any HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\(framing)"
                let answer = try await connection.exchange(head, halfClose: true)
                #expect(!answer.hasPrefix("HTTP/1.1 2"), "\(answer)")
            }
            #expect(bench.intake.current.calls == 0)
        }
    }

    enum MalformedRequest: String, CaseIterable {
        case lengthAndChunked, longHeader, manyHeaders, nonsense

        var text: String {
            let start = "POST /any HTTP/1.1\r\nHost: x\r\n"
            return switch self {
            case .lengthAndChunked:
                start + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
            case .longHeader: start + "X: " + String(repeating: "x", count: 20_000) + "\r\n\r\n"
            case .manyHeaders: start + String(repeating: "X: y\r\n", count: 200) + "\r\n"
            case .nonsense: "NONSENSE\r\n\r\n"
            }
        }
    }

    @Test(arguments: MalformedRequest.allCases)
    func malformedRequestsAreRefused(_ request: MalformedRequest) async throws {
        let settings = try WebhookSettings(
            address: ListenAddress(host: "127.0.0.1", port: 0),
            path: "/any",
            profile: .none
        )
        try await WebhookBench.run(settings) { bench async throws in
            let connection = try await RawConnection.open(bench.address)
            let answer = try await connection.exchange(request.text)
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"), "\(answer.prefix(100))")
            #expect(bench.intake.current.calls == 0)
        }
    }

    @Test func aBodyWithoutAnAnnouncedLengthIsCounted() async throws {
        try await WebhookBench.run(WebhookBench.github(maxBody: 10)) { bench async throws in
            let head =
                "POST /github HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
            let signature = "X-Hub-Signature-256: \(WebhookBench.headers("{}")[3].1)\r\n\r\n"
            let connection = try await RawConnection.open(bench.address)
            let answer = try await connection.exchange(head + signature + "b\r\n01234567890\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 413"), "\(answer)")
            #expect(bench.intake.current.calls == 0)
        }
    }

    @Test func aRefusedBodyIsNotInvited() async throws {
        try await WebhookBench.run(WebhookBench.github(maxBody: 1000)) { bench async throws in
            let head = "POST /github HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
            let unsigned = try await RawConnection.open(bench.address)
            #expect(try await unsigned.exchange(head + "Content-Length: 2\r\n\r\n").hasPrefix("HTTP/1.1 401"))
            let signed = try await RawConnection.open(bench.address)
            let signature = "X-Hub-Signature-256: \(WebhookBench.headers("{}")[3].1)\r\n"
            let invited = try await signed.exchange(head + signature + "Content-Length: 2\r\n\r\n")
            #expect(invited.hasPrefix("HTTP/1.1 100"))
        }
    }

    @Test(arguments: ["8088", "host", "host:99999", "host:-1", "host:", " :80"])
    func whatIsNoAddressIsRefused(_ text: String) {
        #expect(throws: ConnectorError.self) { try ListenAddress(text) }
    }

    @Test func aPortAloneIsEveryInterface() throws {
        #expect(try ListenAddress(":0").description == "0.0.0.0:0")
    }

    @Test func anIPv6AddressIsWrittenInBrackets() throws {
        #expect(try ListenAddress("[::1]:80").host == "::1")
        #expect(try ListenAddress("[::1]:80").description == "[::1]:80")
    }

    @Test(arguments: ["", "x", "/a//b", "/a/../b", "/.git", "/a b", "/a?b"])
    func pathsThatAreNotPlainAreRefused(_ path: String) {
        #expect(throws: ConnectorError.self) { try WebhookSettings(path: path, profile: .none) }
    }
}
