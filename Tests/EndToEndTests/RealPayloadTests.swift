import Demo
import Dev
import Foundation
import JSON
import LocalStack
import TestKit
import Testing

/// GitHub's own example payloads through the connectors that ship, signed and over HTTP.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct RealPayloadTests {
    private static let secret = "it is a test"
    private static let topics = ["issues", "pull-request", "push", "workflow-run", "release", "other"]
        .map { "github.\($0)" }

    private struct Payload {
        let event: String
        /// Of its delivery: the file's name.
        let id: String
        let body: [UInt8]
    }

    @Test(.enabled(if: Repository.hasPayloads, "../shared/data/payloads/github is not there"))
    func everyPayloadIsStoredAndArchivedAsItCame() async throws {
        let payloads = try Self.payloads()
        try #require(payloads.count > 200)
        try await Bench.run { bench in
            let tickets = try await FakeTarget.start()
            let port = try LoopbackPort.free()
            let archive = bench.folder.appending(path: "archive")
            let worker = try await bench.worker(
                connectors: [Repository.root.appending(path: "connectors").path],
                schemas: Repository.root.appending(path: "schemas").path,
                environment: [
                    "GITHUB_LISTEN": "127.0.0.1:\(port)", "TICKETS_URL": tickets.url, "ARCHIVE_DIR": archive.path,
                    "BUSBAR_SECRET_GITHUB_WEBHOOK": Self.secret, "BUSBAR_SECRET_TICKETS_TOKEN": "token",
                ]
            ).start()
            try await worker.ready()
            for payload in payloads {
                let status = try await Self.send(payload, to: "http://127.0.0.1:\(port)/github")
                #expect(status == 202, "\(payload.id)")
            }
            let stored = try await checkStored(payloads, bench)
            let archived = try await worker.settled("audit-archive", consumed: stored.count)
            #expect(archived.delivered == stored.count)
            try checkArchive(stored, archive)
            try await checkTickets(stored, tickets, worker)
            for name in ["github-events", "github-incident-to-ticket", "ci-failure-to-ticket", "audit-archive"] {
                let report = try #require(await worker.report(name))
                #expect(report.residue == 0)
                #expect(report.deadLetters == 0, "\(name): \(report.deadLettered)")
            }
            #expect(try await worker.stop() == 0)
            try await tickets.stop()
            print(
                "\(payloads.count) real payloads: \(stored.count) stored and archived, \(tickets.effects.count) tickets"
            )
        }
    }

    /// The topics hold each delivery's body byte for byte, under its id; pings are passed over.
    private func checkStored(_ payloads: [Payload], _ bench: Bench) async throws -> [String: [UInt8]] {
        var stored: [String: [UInt8]] = [:]
        for topic in Self.topics {
            for record in try await bench.records(of: topic) {
                let id = try #require(record.header("ce_id"))
                #expect(stored.updateValue(record.value ?? [], forKey: id) == nil, "\(id) is there twice")
            }
        }
        let expected = payloads.filter { $0.event != "ping" }
        for payload in expected { #expect(stored[payload.id] == payload.body, "\(payload.id)") }
        #expect(stored.count == expected.count)
        return stored
    }

    /// The archive has one line for each record, whose value is the payload.
    private func checkArchive(_ stored: [String: [UInt8]], _ archive: URL) throws {
        var seen: Set<String> = []
        let files = try #require(FileManager.default.enumerator(atPath: archive.path))
        for case let name as String in files where name.hasSuffix(".ndjson") {
            let text = try Data(contentsOf: archive.appending(path: name))
            for line in text.split(separator: UInt8(ascii: "\n")) {
                try JSONDocument(Array(line)).withRoot { line in
                    var id = ""
                    line["headers"]?.forEachElement { header in
                        if header["name"]?.string == "ce_id" { id = header["value"]?.string ?? "" }
                    }
                    let value = try #require(line["value"])
                    let original = try #require(stored[id])
                    try JSONDocument(original).withRoot { original in
                        let isSame = original.isEqual(to: value)
                        #expect(isSame, "\(id)")
                    }
                    #expect(seen.insert(id).inserted)
                }
            }
        }
        #expect(seen == Set(stored.keys))
    }

    /// Each payload that asks for a ticket has one request, and no other has.
    private func checkTickets(_ stored: [String: [UInt8]], _ tickets: FakeTarget, _ worker: RunningWorker) async throws
    {
        var expected: Set<String> = []
        for (id, body) in stored {
            if try JSONDocument(body).withRoot({ Self.asksForTicket($0) }) { expected.insert(id) }
        }
        let issues = stored.keys.count { $0.hasPrefix("issues/") }
        let runs = stored.keys.count { $0.hasPrefix("workflow_run/") }
        _ = try await worker.settled("github-incident-to-ticket", consumed: issues)
        _ = try await worker.settled("ci-failure-to-ticket", consumed: runs)
        let events = try tickets.effects.map { try JSONDocument($0.body).withRoot { $0["event"]?.string ?? "" } }
        #expect(events.sorted() == expected.sorted())
    }

    private static func asksForTicket(_ event: JSONValue) -> Bool {
        let run = event["workflow_run"]
        let outcomes = ["success", "failure", "timed_out", "startup_failure"]
        if let run, event["action"]?.string == "completed" {
            return run["head_branch"]?.string == event["repository"]?["default_branch"]?.string
                && run["event"]?.string != "pull_request" && outcomes.contains(run["conclusion"]?.string ?? "")
        }
        return event["issue"] != nil && event["action"]?.string == "labeled"
            && event["label"]?["name"]?.string == "incident"
    }

    private static func payloads() throws -> [Payload] {
        let files = try #require(FileManager.default.enumerator(atPath: Repository.payloads.path))
        return try files.compactMap { $0 as? String }.filter { $0.hasSuffix(".payload.json") }.sorted().map { name in
            Payload(
                event: String(name.prefix { $0 != "/" }),
                id: name,
                body: Array(try Data(contentsOf: Repository.payloads.appending(path: name)))
            )
        }
    }

    private static func send(_ payload: Payload, to url: String) async throws -> Int {
        try await post(
            payload.body,
            to: url,
            headers: [
                ("X-GitHub-Event", payload.event), ("X-GitHub-Delivery", payload.id),
                (HubSignature.header, HubSignature.signature(payload.body, secret: Array(secret.utf8))),
            ]
        )
    }
}
