import Foundation
import Glibc
import Kafka
import KafkaTesting
import Log
import Logging
import Testing

/// `busbar produce` and `busbar tap` against librdkafka's mock cluster in this process.
@Suite(.enabled(if: Command.isBuilt, Command.absence), .timeLimit(.minutes(2)))
struct TopicCommandTests {
    private func withCluster(_ body: (Command, MockCluster) async throws -> Void) async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("events", partitions: 1)
        try await Command.inFolder { try await body($0, cluster) }
        cluster.stop()
    }

    @Test func whatIsProducedIsSeen() async throws {
        try await withCluster { busbar, cluster in
            let environment = ["BUSBAR_BROKERS": cluster.bootstrap]
            let produced = try await busbar.run(
                "produce",
                "events",
                "--key",
                "k",
                "--header",
                "ce_id=a=1",
                "--header",
                "empty=",
                "--json",
                input: "{\"n\":9007199254740993,\"t\":\"ü\"}\r\n\nno json",
                environment: environment
            )
            #expect(produced.output == "{\"v\":1,\"topic\":\"events\",\"written\":2,\"failed\":0}\n")
            #expect(produced.errors == "2 records written to events\n")
            #expect(produced.status == 0)

            let seen = try await busbar.run(
                "tap",
                "events",
                "--from",
                "earliest",
                "--no-follow",
                environment: environment
            )
            #expect(
                withoutTimes(seen.output) == """
                    events/0@0  TIME  key k
                      ce_id: a=1
                      empty: 
                      {
                        "n": 9007199254740993,
                        "t": "ü"
                      }
                    events/0@1  TIME  key k
                      ce_id: a=1
                      empty: 
                      no json

                    """
            )
            #expect(seen.errors == "")
            #expect(seen.status == 0)
        }
    }

    @Test func everyKindOfValueIsToldApart() async throws {
        try await withCluster { busbar, cluster in
            let brokers = ["--brokers", cluster.bootstrap]
            let tombstone = try await busbar.start(["produce", "events", "--tombstone"] + brokers).result()
            #expect(tombstone.status == 0)
            try await produce([0xFF, 0x00], to: cluster)
            let whole = try await busbar.start(
                ["produce", "events", "--whole"] + brokers,
                input: "{\n  \"n\": 1.0\n}\n"
            ).result()
            #expect(whole.errors == "1 record written to events\n")
            let seen = try await busbar.start(
                ["tap", "events", "--from", "0", "--limit", "3", "--json"] + brokers
            ).result()
            #expect(
                withoutTimes(seen.output) == """
                    {"v":1,"topic":"events","partition":0,"offset":0,"timestamp":TIME,"key":null,"headers":[],"value":null}
                    {"v":1,"topic":"events","partition":0,"offset":1,"timestamp":TIME,"key":{"base64":"/wA="},"headers":[],\
                    "value":{"base64":"/wA="}}
                    {"v":1,"topic":"events","partition":0,"offset":2,"timestamp":TIME,"key":null,"headers":[],\
                    "value":{"json":{"n":1.0}}}

                    """
            )
            #expect(seen.status == 0)
        }
    }

    @Test func aProgramChoosesAndSaysWhatItCouldNotJudge() async throws {
        try await withCluster { busbar, cluster in
            let brokers = ["--brokers", cluster.bootstrap]
            let input = "{\"a\":1}\nno json\n{\"a\":2}\n"
            _ = try await busbar.start(["produce", "events"] + brokers, input: input).result()
            let seen = try await busbar.start(
                ["tap", "events", "--from", "earliest", "--no-follow", "--json", "--where", ".a == 2"] + brokers
            ).result()
            #expect(seen.output.contains(#""offset":2,"#))
            #expect(seen.output.split(separator: "\n").count == 1)
            #expect(
                seen.errors.hasPrefix("--where could not judge 1 record, which were not shown; the first: events/0@1: ")
            )
            let broken = try await busbar.start(["tap", "events", "--where", ".a ="] + brokers).result()
            #expect(broken.errors.hasPrefix("busbar: --where: 1:5: unexpected the end of the program [syntax]\n"))
            #expect(broken.status == 64)
        }
    }

    @Test func interruptingTapIsSuccess() async throws {
        try await withCluster { busbar, cluster in
            let brokers = ["--brokers", cluster.bootstrap]
            _ = try await busbar.start(["produce", "events"] + brokers, input: "1\n").result()
            let tap = try busbar.start(["tap", "events", "--from", "earliest"] + brokers)
            // A record that is shown proves that the signals are caught by now.
            while try tap.output().isEmpty { await Task.yield() }
            kill(tap.pid, SIGINT)
            let result = try await tap.result()
            #expect(result.status == 0)
            #expect(result.errors == "")
        }
    }

    @Test func aBrokerThatDoesNotAnswerIsNamedInBoundedTime() async throws {
        try await Command.inFolder { busbar in
            let began = ContinuousClock.now
            async let tap = busbar.run("tap", "events", "--brokers", "127.0.0.1:1")
            async let produce = busbar.run("produce", "events", "--brokers", "127.0.0.1:1", input: "1\n")
            for result in try await [tap, produce] {
                #expect(
                    result.errors == """
                        busbar: no broker answers at 127.0.0.1:1 within 10 s; is it running, and is the address right \
                        (--brokers, BUSBAR_BROKERS, brokers: in busbar.yaml)?

                        """
                )
                #expect(result.output == "")
                #expect(result.status == 1)
            }
            #expect(began.duration(to: .now) < .seconds(40))
        }
    }

    @Test func aDryRunAsksNobody() async throws {
        try await Command.inFolder { busbar in
            let result = try await busbar.run(
                "produce",
                "events",
                "--dry-run",
                "--brokers",
                "127.0.0.1:1",
                input: "1\n\n2"
            )
            #expect(result.errors == "2 records would be written to events\n")
            #expect(result.status == 0)
        }
    }

    @Test(arguments: [
        (["tap", "a b"], Int32(64), "Error: `a b` is no name of a topic\n"),
        (["tap", "a", "--limit", "0"], 64, "Error: --limit is 0; it must be 1 or more\n"),
        (["tap", "a", "--from", "soon"], 64, "Error: The value 'soon' is invalid for '--from <position>'\n"),
        (["tap", "a", "--config", "none.yaml"], 78, "busbar: none.yaml: there is no such settings file\n"),
        (["produce", "a", "--header", "b"], 64, "Error: --header is `b`; write name=value\n"),
        (["produce", "a", "--file", "none", "--dry-run"], 64, "busbar: none: the file cannot be read\n"),
    ])
    func whatCannotBeDoneIsSaid(_ arguments: [String], _ status: Int32, _ errors: String) async throws {
        try await Command.inFolder { busbar in
            let result = try await busbar.start(arguments).result()
            #expect(result.errors.hasPrefix(errors), "\(result.errors)")
            #expect(result.output == "")
            #expect(result.status == status)
        }
    }

    /// Writes one record whose key and value are `bytes`.
    private func produce(_ bytes: [UInt8], to cluster: MockCluster) async throws {
        let silent = Logger(label: "busbar.test") { _ in SwiftLogNoOpLogHandler() }
        let producer = try await KafkaLog(cluster.configuration(), logger: silent).producer(ProducerConfiguration())
        var batch = ProduceBatch()
        batch.append(topic: "events", key: bytes, value: bytes)
        for case .failed(let error) in try await producer.send(batch) { throw error }
        await producer.close(within: .seconds(5))
    }

    private func withoutTimes(_ output: String) -> String {
        output.replacing(/"timestamp":\d+/, with: "\"timestamp\":TIME")
            .replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/, with: "TIME")
    }
}
