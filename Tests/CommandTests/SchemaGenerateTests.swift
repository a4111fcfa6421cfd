import Foundation
import KafkaTesting
import Testing

@Suite(.enabled(if: Command.isBuilt, Command.absence), .timeLimit(.minutes(2)))
struct SchemaGenerateTests {
    @Test func linesBecomeAContractThatTheyObey() async throws {
        let lines = """
            {"id":1,"at":"2024-02-29T12:30:00Z","tags":["a"]}

            {"id":2,"at":null,"tags":[]}
            no json
            """
        try await Command.inFolder { busbar in
            let result = try await busbar.run("schema", "generate", "--title", "Orders", input: lines)
            #expect(
                result.output == """
                    {
                      "$schema": "http://json-schema.org/draft-07/schema#",
                      "title": "Orders",
                      "$comment": "Inferred from 2 records.",
                      "type": "object",
                      "properties": {
                        "at": {
                          "type": [
                            "string",
                            "null"
                          ],
                          "format": "date-time"
                        },
                        "id": {
                          "type": "integer"
                        },
                        "tags": {
                          "type": "array",
                          "items": {
                            "type": "string"
                          }
                        }
                      },
                      "required": [
                        "at",
                        "id",
                        "tags"
                      ]
                    }

                    """
            )
            #expect(
                result.errors.hasPrefix(
                    """
                    inferred from 2 records
                    left out: 1 record not JSON; the first: -, record 3: 
                    """
                )
            )
            #expect(result.status == 0)
            try Data(result.output.utf8).write(to: busbar.folder.appending(path: "orders.json"))
            let arguments = ["schema", "validate", "--schema", "orders.json", "--assert-formats", "-"]
            let checked = try await busbar.start(arguments, input: lines.replacing("no json", with: "")).result()
            #expect(checked.errors == "2 instances: 0 invalid\n")
        }
    }

    @Test func optionsSayWhatTheContractSays() async throws {
        try await Command.inFolder(["a.json": #"{"type":"a","n":1}"#, "b.json": #"{"type":"b","on":"2024-02-29"}"#]) {
            busbar in
            let result = try await busbar.run(
                "schema",
                "generate",
                "a.json",
                "b.json",
                "--draft",
                "2020-12",
                "--id",
                "https://example.com/x",
                "--discriminator",
                "type",
                "--closed",
                "--bounds",
                "--no-formats"
            )
            let text = result.output.filter { !$0.isWhitespace }
            #expect(
                text.hasPrefix(
                    #"{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"https://example.com/x","#
                )
            )
            #expect(
                text.contains(
                    #""oneOf":[{"type":"object","properties":{"n":{"type":"integer","minimum":1,"maximum":1},"#
                )
            )
            #expect(text.contains(#""on":{"type":"string"},"type":{"const":"b"}},"required":["on","type"],"#))
            #expect(text.hasSuffix(#""additionalProperties":false}]}"#))
        }
    }

    @Test func theRecordsOfATopicBecomeAContract() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("events", partitions: 2)
        try await Command.inFolder { busbar in
            let environment = ["BUSBAR_BROKERS": cluster.bootstrap]
            let input = (0..<20).map { "{\"n\":\($0)}\n" }.joined()
            _ = try await busbar.run("produce", "events", input: input, environment: environment)
            _ = try await busbar.run("produce", "events", "--tombstone", environment: environment)
            let result = try await busbar.run("schema", "generate", "--topic", "events", environment: environment)
            #expect(result.errors == "inferred from 20 records\nleft out: 1 tombstone\n")
            #expect(result.output.contains("\"$comment\": \"Inferred from 20 records.\""))
            #expect(result.status == 0)
        }
        cluster.stop()
    }

    @Test(arguments: [
        (["--topic", "a b"], Int32(64), "Error: --topic: `a b` is no name of a topic\n"),
        (["--topic", "a", "b.json"], 64, "Error: --topic and files exclude each other\n"),
        (["--topic", "a", "--last", "0"], 64, "Error: --last is 0; it must be 1 or more\n"),
        (["none.json"], 64, "busbar: none.json: the file cannot be read\n"),
        (["-"], 1, "inferred from 0 records\nbusbar: there is no record to infer a contract from\n"),
    ])
    func whatCannotBeDoneIsSaid(_ arguments: [String], _ status: Int32, _ errors: String) async throws {
        try await Command.inFolder { busbar in
            let result = try await busbar.start(["schema", "generate"] + arguments).result()
            #expect(result.errors.hasPrefix(errors), "\(result.errors)")
            #expect(result.output == "")
            #expect(result.status == status)
        }
    }
}
