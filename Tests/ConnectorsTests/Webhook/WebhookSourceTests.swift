import ConnectorKit
import Delivery
import Foundation
import Log
import Logging
import NIOHTTP1
import TestFiles
import TestKit
import Testing

@testable import Connectors

@Suite(.timeLimit(.minutes(2)))
struct WebhookSourceTests {
    private static let body = #"{"action":"opened","repository":{"full_name":"octo/hello"},"id":820982911946154508}"#

    @Test func anAuthenticDeliveryBecomesARecordAndIsAnsweredWhenItIsStored() async throws {
        try await WebhookBench.run(WebhookBench.github()) { bench async throws in
            var headers = WebhookBench.headers(Self.body)
            headers.append(("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))
            let answer = try await bench.send(Self.body, headers)
            #expect(answer.status == 202)
            #expect(answer.text == #"{"id":"72d3162e-cc78-11e3-81ab-4c9367dc0958","status":"accepted"}"#)
            let record = try #require(bench.intake.records.first)
            #expect(record.id == "72d3162e-cc78-11e3-81ab-4c9367dc0958")
            #expect(record.value.bytes() == Array(Self.body.utf8))
            #expect(record.key == nil)
            #expect(record.timestamp == testTime)
            #expect(
                record.headers.map { "\($0.name)=\($0.text ?? "")" } == [
                    "ce_specversion=1.0", "ce_id=72d3162e-cc78-11e3-81ab-4c9367dc0958",
                    "ce_source=https://github.com/octo/hello", "ce_type=github.issues",
                    "ce_time=2026-11-22T15:03:15.042Z", "content-type=application/json",
                    "traceparent=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "x-github-event=issues",
                ]
            )
        }
    }

    @Test func theAnswerWaitsForTheIntake() async throws {
        let intake = RecordingIntake()
        intake.hold()
        try await WebhookBench.run(WebhookBench.github(), intake: intake) { bench async throws in
            async let answer = bench.send(Self.body, WebhookBench.headers(Self.body))
            try await intake.state { $0.calls == 1 }
            #expect(intake.records.isEmpty)
            intake.release()
            #expect(try await answer.status == 202)
            #expect(intake.records.count == 1)
        }
    }

    @Test func whoeverCannotSignIsToldNothingMoreThanThat() async throws {
        let seen = Observed<[Int]>([])
        let settings = try WebhookBench.github { status in seen.update { $0.append(status) } }
        try await WebhookBench.run(settings) { bench async throws in
            let good = WebhookBench.headers(Self.body)
            let unsigned = good.filter { $0.0 != "X-Hub-Signature-256" }
            let legacy = unsigned + [("X-Hub-Signature", "sha1=01dc10d0c83e72ed246219cdd91669667fe2ca59")]
            let variants = [
                WebhookBench.headers(Self.body, secret: "other"), WebhookBench.headers(Self.body + " "), unsigned,
                legacy,
                good + [good[3]], unsigned + [("X-Hub-Signature-256", "sha256=nonsense")],
            ]
            var texts: Set<String> = []
            for headers in variants {
                let answer = try await bench.send(Self.body, headers)
                #expect(answer.status == 401, "\(headers)")
                #expect(answer.headers.first(name: "Content-Type") == "application/problem+json")
                texts.insert(answer.text)
            }
            #expect(texts.count == 1)
            #expect(bench.intake.current.calls == 0)
            #expect(seen.value == Array(repeating: 401, count: 6))
        }
    }

    @Test func thePreviousSecretIsTakenDuringARotation() async throws {
        try await WebhookBench.run(WebhookBench.github(secrets: ["new", WebhookBench.secret])) { bench async throws in
            #expect(try await bench.send(Self.body, WebhookBench.headers(Self.body)).status == 202)
            #expect(try await bench.send(Self.body, WebhookBench.headers(Self.body, secret: "new")).status == 202)
        }
    }

    @Test func withoutASecretTheSenderIsAskedToComeBack() async throws {
        try await WebhookBench.run(WebhookBench.github(secrets: [])) { bench async throws in
            #expect(try await bench.send(Self.body, WebhookBench.headers(Self.body)).status == 503)
        }
    }

    @Test func deliveriesWithoutIdentityAreMalformed() async throws {
        try await WebhookBench.run(WebhookBench.github()) { bench async throws in
            for missing in ["X-GitHub-Delivery", "X-GitHub-Event"] {
                let headers = WebhookBench.headers(Self.body).filter { $0.0 != missing }
                let answer = try await bench.send(Self.body, headers)
                #expect(answer.status == 400)
                #expect(answer.text.contains(missing))
            }
            let long = WebhookBench.headers(Self.body, id: String(repeating: "x", count: 257))
            #expect(try await bench.send(Self.body, long).status == 400)
            let double = WebhookBench.headers(Self.body) + [("X-GitHub-Delivery", "another")]
            #expect(try await bench.send(Self.body, double).status == 400)
            #expect(bench.intake.current.calls == 0)
        }
    }

    @Test(arguments: [
        ("not json", "github"), ("{}", "github"),
        (#"{"organization":{"login":"octo"}}"#, "https://github.com/orgs/octo"),
        (#"{"repository":{"full_name":"a b"}}"#, "github"), ("", "github"),
    ])
    func whatIsAuthenticButUnreadableIsAccepted(_ body: String, _ source: String) async throws {
        try await WebhookBench.run(WebhookBench.github()) { bench async throws in
            #expect(try await bench.send(body, WebhookBench.headers(body)).status == 202)
            #expect(bench.intake.records.first?.header("ce_source") == source)
            #expect(bench.intake.records.first?.value.bytes() == Array(body.utf8))
        }
    }

    @Test func typesCodingsMethodsAndPathsAreChecked() async throws {
        try await WebhookBench.run(WebhookBench.github()) { bench async throws in
            let rest = WebhookBench.headers(Self.body).filter { $0.0 != "Content-Type" }
            let form = try await bench.send(Self.body, rest + [("Content-Type", "application/x-www-form-urlencoded")])
            #expect(form.status == 415)
            #expect(form.text.contains("application/json"))
            #expect(try await bench.send(Self.body, rest).status == 415)
            let charset = rest + [("Content-Type", "Application/JSON; charset=utf-8")]
            #expect(try await bench.send(Self.body, charset).status == 202)
            let zipped = WebhookBench.headers(Self.body) + [("Content-Encoding", "gzip")]
            #expect(try await bench.send(Self.body, zipped).status == 415)
            let get = try await bench.send("", [], method: .GET)
            #expect(get.status == 405)
            #expect(get.headers.first(name: "Allow") == "POST")
            for path in ["/", "/github/", "/github2", "//github", "/github/../github", "/%67ithub"] {
                #expect(try await bench.send(Self.body, WebhookBench.headers(Self.body), path: path).status == 404)
            }
            let query = try await bench.send(Self.body, WebhookBench.headers(Self.body), path: "/github?a=b")
            #expect(query.status == 202)
        }
    }

    @Test func aBodyAtTheLimitIsTakenAndOneBeyondItIsNot() async throws {
        try await WebhookBench.run(WebhookBench.github(maxBody: 1000)) { bench async throws in
            let fits = String(repeating: "x", count: 1000)
            #expect(try await bench.send(fits, WebhookBench.headers(fits)).status == 202)
            let large = fits + "x"
            let answer = try await bench.send(large, WebhookBench.headers(large))
            #expect(answer.status == 413)
            #expect(answer.headers.first(name: "Connection") == "close")
            #expect(bench.intake.records.count == 1)
        }
    }

    @Test(arguments: [
        (IntakeError.overloaded(retryAfter: .milliseconds(1500)), 429, "2"),
        (.unavailable(detail: "broker b-1 at 10.0.0.1 is away"), 503, "5"), (.stopping, 503, "1"),
    ])
    func whatCannotBeStoredIsNotAnswered2xx(_ error: IntakeError, _ status: Int, _ retryAfter: String) async throws {
        let intake = RecordingIntake()
        intake.fail(call: 1, with: error)
        try await WebhookBench.run(WebhookBench.github(), intake: intake) { bench async throws in
            let refused = try await bench.send(Self.body, WebhookBench.headers(Self.body))
            #expect(refused.status == status)
            #expect(refused.headers.first(name: "Retry-After") == retryAfter)
            #expect(!refused.text.contains("10.0.0.1"))
            #expect(intake.records.isEmpty)
            #expect(try await bench.send(Self.body, WebhookBench.headers(Self.body)).status == 202)
            #expect(intake.records.count == 1)
        }
    }

    @Test(arguments: [
        (IntakeOutcome.filtered, 202), (.duplicate, 202), (.deadLettered(.schema), 202),
        (.rejected(.decode, detail: "not JSON"), 400), (.rejected(.schema, detail: "/a is missing"), 422),
    ])
    func theAnswerFollowsTheOutcome(_ outcome: IntakeOutcome, _ status: Int) async throws {
        let intake = RecordingIntake()
        intake.decide { _ in outcome }
        try await WebhookBench.run(WebhookBench.github(), intake: intake) { bench async throws in
            let answer = try await bench.send(Self.body, WebhookBench.headers(Self.body))
            #expect(answer.status == status)
            if case .rejected(_, let detail) = outcome { #expect(answer.text.contains(detail)) }
        }
    }

    @Test func withoutAProfileCloudEventsHeadersAreTakenOver() async throws {
        let settings = try WebhookSettings(
            address: ListenAddress(host: "127.0.0.1", port: 0),
            path: "/any",
            profile: .none,
            key: { Array(($0.header("ce_subject") ?? "").utf8) }
        )
        try await WebhookBench.run(settings) { bench async throws in
            let event = [
                ("Content-Type", "application/json"), ("ce-id", "e-1"), ("ce-source", "/caf%C3%A9"), ("ce-type", "t"),
                ("ce-time", "2020-01-01T00:00:00Z"), ("ce-subject", "s"),
            ]
            #expect(try await bench.send("{}", event).status == 202)
            let record = try #require(bench.intake.records.first)
            #expect(record.id == "e-1")
            #expect(record.key == Array("s".utf8))
            #expect(record.header("ce_source") == "/café")
            #expect(record.header("ce_type") == "t")
            #expect(record.header("ce_time") == "2020-01-01T00:00:00Z")
            #expect(try await bench.send("{}", [event[0], ("ce-source", "%zz")]).status == 400)
            for _ in 0..<2 { #expect(try await bench.send("{}", [event[0]]).status == 202) }
            let ids = bench.intake.records.map(\.id)
            #expect(Set(ids).count == 3)
            #expect(bench.intake.records[1].header("ce_source") == "webhook:/any")
        }
    }

    private static let payloads = SharedFiles.present("data/payloads/github")

    @Test(.enabled(if: payloads != nil, "the shared test data is not beside the repository"))
    func realPayloadsPassUnchanged() async throws {
        let folder = try #require(Self.payloads)
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".json") }.sorted()
        #expect(files.count > 50)
        try await WebhookBench.run(WebhookBench.github()) { bench async throws in
            for (index, file) in files.enumerated() where index.isMultiple(of: 4) {
                let body = String(decoding: try Data(contentsOf: folder.appending(path: file)), as: UTF8.self)
                let event = file.split(separator: "/")[0]
                let headers = WebhookBench.headers(body, id: "id-\(index)", event: String(event))
                #expect(try await bench.send(body, headers).status == 202, "\(file)")
                let record = try #require(bench.intake.records.last)
                #expect(record.value.bytes() == Array(body.utf8), "\(file)")
                #expect(record.header("ce_type") == "github.\(event)")
                #expect(
                    record.header("ce_source")?.hasPrefix("https://github.com/") == true
                        || !body.contains("\"repository\":")
                )
            }
        }
    }
}
