import Foundation
import KafkaTesting
import Testing

/// `busbar schema check --against-topic` against librdkafka's mock cluster in this process.
@Suite(.enabled(if: Command.isBuilt, Command.absence), .timeLimit(.minutes(2)))
struct SchemaCheckTopicTests {
    private static let head = #""$id":"x","$schema":"http://json-schema.org/draft-07/schema#""#
    private static let files = [
        "schemas/shop/subject.yaml": "owner: shop\ntopics: [orders]\n",
        "schemas/shop/v1.json": "{\(head)}",
        "schemas/shop/v2.json": "{\(head),\n\"properties\": {\"id\": {\"type\": \"integer\"}}}",
        "schemas/other/subject.yaml": "owner: shop\n",
        "schemas/other/v1.json": "{\(head)}",
        "released/shop/subject.yaml": "owner: shop\ntopics: [orders]\n",
        "released/shop/v1.json": "{\(head)}",
        "released/other/subject.yaml": "owner: shop\n",
        "released/other/v1.json": "{\(head)}",
    ]
    private static let check = ["schema", "check", "--base", "dir:released", "--level", "none"]

    private func withRecords(
        _ lines: String,
        _ body: (_ check: ([String]) async throws -> Command.Result) async throws -> Void
    ) async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("orders", partitions: 1)
        try await Command.inFolder(Self.files) { busbar in
            let environment = ["BUSBAR_BROKERS": cluster.bootstrap]
            _ = try await busbar.run("produce", "orders", input: lines, environment: environment)
            try await body { arguments in
                try await busbar.start(Self.check + arguments, environment: environment).result()
            }
        }
        cluster.stop()
    }

    @Test func recordsThatTheNewVersionRefusesAreFindings() async throws {
        try await withRecords("{\"id\":1}\n{\"id\":\"a\"}\nno json\n{\"id\":null}\n") { check in
            let result = try await check(["--against-topic", "orders"])
            #expect(
                result.output == """
                    schemas/shop  new: v2   level none, policy sound
                      ERROR    RECORDS_REJECTED  #/properties/id/type  schemas/shop/v2.json:2:31
                               v2 refuses 2 of 4 records of orders
                               orders/0@1  /id  /id is a string, the contract asks for an integer
                               orders/0@3  /id  /id is null, the contract asks for an integer
                               fix: Let v2 accept them, or have the writers changed first and release it when the topic no \
                    longer holds such records.
                      WARNING  RECORDS_UNREADABLE  schemas/shop/v2.json
                               1 of 4 records of orders are not JSON
                               orders/0@2  1:1: the only words that JSON allows are true, false and null (NaN and Infinity have \
                    no JSON form) [invalid_literal, byte 0]
                               fix: Find out who wrote them: no contract describes them.

                    """
            )
            #expect(
                result.errors == """
                    1 error, 1 warning in 1 of 2 subjects; 1 changed against released
                    2 of 4 records of orders would be rejected by shop@v2; 1 not JSON

                    """
            )
            #expect(result.status == 2)
            let first = try await check(["--against-topic", "orders", "--last", "1", "--format", "github"])
            #expect(
                first.output.hasPrefix(
                    "::error file=schemas/shop/v2.json,line=2,col=31,title=RECORDS_REJECTED shop v2::"
                )
            )
            #expect(first.errors.hasSuffix("1 of 1 records of orders would be rejected by shop@v2\n"))
        }
    }

    @Test func recordsThatObeyAreNoFinding() async throws {
        try await withRecords("{\"id\":1}\n{}\n") { check in
            let result = try await check(["--against-topic", "orders"])
            #expect(result.output == "")
            #expect(result.errors.hasSuffix("\n0 of 2 records of orders would be rejected by shop@v2\n"))
            #expect(result.status == 0)
            // The subject that the command names has nothing new.
            let other = try await check(["--against-topic", "orders", "--subject", "other"])
            #expect(other.errors.hasSuffix("\nrecords of orders were not read: no new version of other was checked\n"))
            #expect(other.status == 0)
        }
    }

    @Test func whatWasFoundIsShownThoughTheTopicCannotBeRead() async throws {
        try await Command.inFolder(Self.files) { busbar in
            let topic = ["--against-topic", "orders", "--brokers", "127.0.0.1:1"]
            let result = try await busbar.start(Self.check + ["--level", "full"] + topic).result()
            #expect(result.output.hasPrefix("schemas/shop  new: v2   level full, policy sound\n  ERROR    "))
            #expect(
                result.errors.contains("\nbusbar: no broker answers at 127.0.0.1:1 within 10 s"),
                "\(result.errors)"
            )
            #expect(result.status == 1)
        }
    }

    @Test(arguments: [
        (["--against-topic", "invoices"], "busbar: which subject the records of invoices obey is not known: "),
        (
            ["--against-topic", "orders", "--subject", "ordres"],
            "busbar: --subject: there is no subject 'ordres' in schemas\n"
        ),
        (["--subject", "orders"], "Error: --subject is for --against-topic\n"),
        (["--against-topic", "a b"], "Error: --against-topic: `a b` is no name of a topic\n"),
        (["--against-topic", "orders", "--last", "0"], "Error: --last is 0; it must be 1 or more\n"),
    ])
    func whatCannotBeDoneIsSaid(_ arguments: [String], _ errors: String) async throws {
        try await Command.inFolder(Self.files) { busbar in
            let result = try await busbar.start(Self.check + arguments).result()
            #expect(result.errors.hasPrefix(errors), "\(result.errors)")
            #expect(result.output == "")
            #expect(result.status == 64)
        }
    }
}
