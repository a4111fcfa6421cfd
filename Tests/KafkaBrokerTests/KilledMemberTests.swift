import Foundation
import Glibc
import Kafka
import KafkaTesting
import LocalStack
import Log
import LogTesting
import Testing

/// Members that are processes and are killed, against what they have said: see ``MemberLedger``.
@Suite(.timeLimit(.minutes(3))) struct KilledMemberTests {
    private static let partitions: Int32 = 6
    private static let kills = 12
    private static let perRound = 120

    /// When a member is killed; drawn from the seed.
    private enum Moment {
        /// So many words after the last kill, whoever says them.
        case word(Int)
        /// As soon as a member has said that it got, or is to give up, partitions: before it has answered the group.
        case assignment, revocation
        /// Between what it has read and the commit of that, or right behind the commit.
        case reading, commit

        static func any(_ random: inout SeededRandom) -> Moment {
            switch Int.random(in: 0..<6, using: &random) {
            case 0: .assignment
            case 1: .revocation
            case 2: .reading
            case 3: .commit
            default: .word(Int.random(in: 1...60, using: &random))
            }
        }

        /// Whether it has come with the `count`th word since the last kill.
        func isReached(_ word: MemberWord, _ count: Int) -> Bool {
            switch (self, word) {
            case (.word(let wanted), _): count >= wanted
            case (.assignment, .assigned), (.revocation, .revoked), (.reading, .read), (.commit, .committed): true
            default: false
            }
        }
    }

    /// The members' words, one after the other.
    private final class Words {
        private static let partition = TopicPartition("said", 0)
        private let reader: Reader
        private var waiting: ArraySlice<MemberWord> = []
        private var position: Offset = 0
        private(set) var ledger = MemberLedger()

        init(_ fixture: KafkaFixture) async throws {
            reader = try await fixture.reader()
            try await reader.assign([Self.partition: 0])
        }

        func next() async throws -> MemberWord {
            while true {
                if let word = waiting.popFirst() {
                    position = position.next
                    ledger.note(word)
                    return word
                }
                guard case .batch(let batch) = try await reader.next(wait: .seconds(1)) else { continue }
                for index in 0..<batch.count {
                    waiting.append(try #require(batch[index].text.flatMap { MemberWord($0) }))
                }
            }
        }

        /// Takes everything that has been said by now.
        func takeAll() async throws {
            let end = try await reader.bounds(of: Self.partition).upperBound
            while position < end { _ = try await next() }
        }

        func close() async {
            await reader.close()
        }
    }

    /// The members that live, and the folder of what their processes print.
    private final class Members {
        private let broker: String
        private let folder = FileManager.default.temporaryDirectory.appending(path: "members-\(UUID().uuidString)")
        private var processes: [Int: ChildProcess] = [:]
        private(set) var started = 0

        init(_ broker: String) throws {
            self.broker = broker
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }

        deinit {
            // A test that failed half-way leaves no process behind.
            for process in processes.values { process.signal(SIGKILL) }
        }

        var numbers: [Int] { processes.keys.sorted() }

        func start(_ seed: UInt64) async throws {
            started += 1
            processes[started] = try await SpeakingMemberProcess.start(
                started,
                broker: broker,
                seed: seed,
                folder: folder
            )
        }

        /// Kills a process that has ended in no other way before.
        func kill(_ number: Int) async throws {
            let process = try #require(processes[number])
            processes[number] = nil
            process.signal(SIGKILL)
            let end = try await process.exit()
            guard end != -SIGKILL else { return }
            let output = try String(contentsOf: folder.appending(path: "member-\(number).log"), encoding: .utf8)
            Issue.record("member \(number) ended by itself with \(end):\n\(output.suffix(2000))")
        }

        func removeOutput() throws {
            try FileManager.default.removeItem(at: folder)
        }
    }

    @Test func processesThatAreKilledAtAnyMomentLoseNothing() async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("killed members, seed \(seed)")
        var random = SeededRandom(seed: seed)
        try await withBroker { fixture in
            let broker = try #require(fixture.client.brokers.first)
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([
                TopicSpecification("t", partitions: Int(Self.partitions)), TopicSpecification("said", partitions: 1),
            ])
            let producer = try await fixture.producer()
            let words = try await Words(fixture)
            let members = try Members(broker)
            var produced = 0
            for _ in 0..<Self.kills {
                while members.numbers.count < 3 { try await members.start(random.next()) }
                try await producer.fill("t", count: Self.perRound, partitions: Self.partitions, from: produced)
                produced += Self.perRound
                let victim = try await victim(Moment.any(&random), of: members, words)
                try await members.kill(victim)
            }
            // In the end all of them at once, wherever they are.
            for number in members.numbers { try await members.kill(number) }
            try await heir(members.started + 1, fixture, of: produced, random, words)
            await producer.close(within: .seconds(5))
            await words.close()
            try members.removeOutput()
            #expect(words.ledger.violations.isEmpty, "seed \(seed): \(words.ledger.violations.prefix(5))")
            print(
                "killed members: \(members.started) of them, \(produced) records, \(words.ledger.duplicates) read again"
            )
        }
    }

    /// Who is to be killed: whose word it is when the moment has come, or when nothing happens any more.
    private func victim(_ moment: Moment, of members: Members, _ words: Words) async throws -> Int {
        var (count, silences) = (0, 0)
        while true {
            let word = try await words.next()
            count += 1
            if case .idle = word { silences += 1 }
            // Words of the dead come late.
            guard members.numbers.contains(word.member) else { continue }
            // By then the sessions of the dead have ended, and the group has settled.
            if moment.isReached(word, count) || silences >= 12 { return word.member }
        }
    }

    /// One member more, in this process, gets everything that the dead have left, and commits it.
    private func heir(
        _ number: Int,
        _ fixture: KafkaFixture,
        of produced: Int,
        _ random: SeededRandom,
        _ words: Words
    ) async throws {
        let end = Int64(produced) / Int64(Self.partitions)
        let all = (0..<Self.partitions).map { TopicPartition("t", PartitionID(rawValue: $0)) }
        var heir = SpeakingMember(number: number, fixture: fixture, random: random)
        let admin = try await Admin.open(client: fixture.client, logger: KafkaFixture.silent)
        var committed: [TopicPartition: CommittedOffset] = [:]
        try await heir.run {
            committed = try await admin.listGroupOffsets(["doomed"], in: all)["doomed"]?.get().successes() ?? [:]
            return all.allSatisfy { (committed[$0]?.offset ?? -1) >= Offset(end) }
        }
        await admin.close()
        #expect(committed.values.allSatisfy { $0.offset == Offset(end) }, "\(committed)")
        try await words.takeAll()
        for partition in all { #expect(words.ledger.missing(below: end, in: partition.partition).isEmpty) }
    }
}
