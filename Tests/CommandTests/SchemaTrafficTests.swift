import Foundation
import KafkaTesting
import Testing

/// `busbar schema traffic` against librdkafka's mock cluster in this process.
@Suite(.enabled(if: Command.isBuilt, Command.absence), .timeLimit(.minutes(2)))
struct SchemaTrafficTests {
    private static let files = [
        "schemas/orders/subject.yaml": "owner: shop\n",
        "schemas/orders/v1.json": #"{"properties":{"id":{"type":"integer"}},"required":["id"]}"#,
        "any.json": "true",
    ]

    private func withRecords(
        _ lines: String,
        _ body: (Command, _ environment: [String: String]) async throws -> Void
    ) async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("orders", partitions: 1)
        try await Command.inFolder(Self.files) { busbar in
            let environment = ["BUSBAR_BROKERS": cluster.bootstrap]
            _ = try await busbar.run("produce", "orders", input: lines, environment: environment)
            try await body(busbar, environment)
        }
        cluster.stop()
    }

    @Test func whatWouldBeRejectedIsCountedAndShown() async throws {
        let bad = "{\"id\":\"x\"}\n{}\nno json\n" + String(repeating: "{\"id\":null}\n", count: 6)
        try await withRecords(String(repeating: "{\"id\":1}\n", count: 1_200) + bad) { busbar, environment in
            let result = try await busbar.run(
                "schema",
                "traffic",
                "orders@v1",
                "--against-topic",
                "orders",
                environment: environment
            )
            #expect(
                result.output == """
                    8 of 1,209 records of orders would be rejected by orders@v1; 1 not JSON
                      REJECTED  /properties/id/type  7 records
                        orders/0@1200  /id  /id is a string, the contract asks for an integer
                        orders/0@1203  /id  /id is null, the contract asks for an integer
                        orders/0@1204  /id  /id is null, the contract asks for an integer
                        orders/0@1205  /id  /id is null, the contract asks for an integer
                        orders/0@1206  /id  /id is null, the contract asks for an integer
                        and 2 more
                      REJECTED  /required  1 record
                        orders/0@1201  the document lacks the member 'id', which the contract requires
                      NOT JSON  1 record
                        orders/0@1202  1:1: the only words that JSON allows are true, false and null (NaN and Infinity have no JSON form) \
                    [invalid_literal, byte 0]

                    """
            )
            #expect(result.status == 2)
        }
    }

    @Test func theJSONIsOneObject() async throws {
        try await withRecords("{\"id\":1}\n{}\n") { busbar, environment in
            let result = try await busbar.run(
                "schema",
                "traffic",
                "orders",
                "--against-topic",
                "orders",
                "--last",
                "1",
                "--format",
                "json",
                environment: environment
            )
            #expect(
                result.output == """
                    {"v":1,"topic":"orders","contract":"orders","records":1,"rejected":1,"tombstones":0,"groups":[{\
                    "keyword":"/required","records":1,"examples":[{"partition":0,"offset":1,"instance":"",\
                    "message":"the document lacks the member 'id', which the contract requires"}]}],"not_json":{"records":0,"examples":[],"prefixed":0},\
                    "unprefixed":{"records":0,"examples":[]},"schema_ids":[],"partitions":[{"partition":0,"from":1,"to":2,\
                    "records":1}]}

                    """
            )
            #expect(result.errors == "")
            #expect(result.status == 2)
            let clean = try await busbar.run(
                "schema",
                "traffic",
                "--schema",
                "any.json",
                "--against-topic",
                "orders",
                environment: environment
            )
            #expect(clean.output == "0 of 2 records of orders would be rejected by any.json\n")
            #expect(clean.status == 0)
        }
    }

    @Test func recordsOfConfluentsSerializersAreRecognised() async throws {
        try await withRecords("\u{0}\u{0}\u{0}\u{0}\u{7}{\"id\":1}\n") { busbar, environment in
            let arguments = ["schema", "traffic", "orders", "--against-topic", "orders"]
            let plain = try await busbar.start(arguments, environment: environment).result()
            #expect(plain.output.contains("try --encoding confluent-json\n"))
            #expect(plain.status == 2)
            let stripped = try await busbar.start(
                arguments + ["--encoding", "confluent-json"],
                environment: environment
            ).result()
            #expect(stripped.output == "0 of 1 records of orders would be rejected by orders\n")
            #expect(stripped.status == 0)
            let json = try await busbar.start(
                arguments + ["--encoding", "confluent-json", "--format", "json"],
                environment: environment
            ).result()
            #expect(json.output.contains(#""schema_ids":[{"id":7,"records":1}]"#))
        }
    }

    @Test(arguments: [
        (["orders"], Int32(64), "Error: name a topic: --against-topic TOPIC\n"),
        (["--against-topic", "a"], 64, "Error: name one contract: SUBJECT[@vN], or --schema FILE\n"),
        (["orders", "--against-topic", "a b"], 64, "Error: --against-topic: `a b` is no name of a topic\n"),
        (["ordres", "--against-topic", "a"], 78, "busbar: there is no subject 'ordres' in schemas"),
        (
            ["orders", "--against-topic", "a", "--brokers", "127.0.0.1:1"], 1,
            "busbar: no broker answers at 127.0.0.1:1 within 10 s"
        ),
    ])
    func whatCannotBeDoneIsSaid(_ arguments: [String], _ status: Int32, _ errors: String) async throws {
        try await Command.inFolder(Self.files) { busbar in
            let result = try await busbar.start(["schema", "traffic"] + arguments).result()
            #expect(result.errors.hasPrefix(errors), "\(result.errors)")
            #expect(result.output == "")
            #expect(result.status == status)
        }
    }
}
