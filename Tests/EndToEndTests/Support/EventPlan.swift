import Dev
import Kafka
import Log
import LogTesting
import TestKit

/// Small events with a known fate each: the input of the fault tests and their truth.
struct EventPlan: Sendable {
    enum Fate: Hashable {
        case delivered, filtered, duplicate
        /// With its reason.
        case deadLettered(String)
    }

    struct Event: Sendable {
        let number: Int
        let key: String
        let id: String
        let value: [UInt8]
        let fate: Fate
    }

    let seed: UInt64
    let events: [Event]

    /// Of 100 events about 10 are duplicates of an earlier one with the same key, 8 are filtered, 3 break the contract and
    /// 1 is no JSON.
    init(count: Int, seed: UInt64) {
        self.seed = seed
        var random = SeededRandom(seed: seed)
        var earlier: [String: [Event]] = [:]
        events = (0..<count).map { number in
            let key = "key-\(Int.random(in: 0..<60, using: &random))"
            if random.chance(0.1), let original = earlier[key]?.randomElement(using: &random) {
                return Event(number: number, key: key, id: original.id, value: original.value, fate: .duplicate)
            }
            let event = Self.event(number, key, &random)
            earlier[key, default: []].append(event)
            return event
        }
    }

    private static func event(_ number: Int, _ key: String, _ random: inout SeededRandom) -> Event {
        let filling = String(repeating: "x", count: Int.random(in: 200...400, using: &random))
        let id = "event-\(number)"
        func event(_ fate: Fate, _ kind: String, _ amount: String, end: String = "}") -> Event {
            let text = #"{"n":\#(number),"key":"\#(key)","kind":"\#(kind)","amount":\#(amount),"text":"\#(filling)""#
            return Event(number: number, key: key, id: id, value: Array((text + end).utf8), fate: fate)
        }
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<8: return event(.filtered, "noise", "1.5")
        case 8..<11: return event(.deadLettered("schema"), "order", #""much""#)
        case 11..<12: return event(.deadLettered("decode"), "order", "1", end: "")
        default: return event(.delivered, "order", "12.25")
        }
    }

    /// Numbers of the events that must reach the target.
    var delivered: [Int] { events.filter { $0.fate == .delivered }.map(\.number) }

    /// The same, by key and in order.
    var deliveredByKey: [String: [Int]] {
        Dictionary(grouping: events.filter { $0.fate == .delivered }, by: \.key).mapValues { $0.map(\.number) }
    }

    func count(_ fate: Fate) -> Int { events.count { $0.fate == fate } }

    var deadLetters: Int {
        events.count { if case .deadLettered = $0.fate { true } else { false } }
    }

    /// What a connector must say of itself at the end.
    func differences(_ report: WorkerProbe.Connector) -> [String] {
        let expected = [
            ("consumed", report.consumed, events.count), ("delivered", report.delivered, count(.delivered)),
            ("filtered", report.filtered, count(.filtered)), ("duplicate", report.duplicate, count(.duplicate)),
            ("schema", report.deadLettered["schema"] ?? 0, count(.deadLettered("schema"))),
            ("decode", report.deadLettered["decode"] ?? 0, count(.deadLettered("decode"))),
            ("dead letters", report.deadLetters, deadLetters), ("in flight", report.inFlight, 0),
            ("residue", report.residue, 0),
        ]
        return expected.compactMap { name, found, expected in
            found == expected ? nil : "\(report.name) \(name): \(found), not \(expected)"
        }
    }
}

extension Bench {
    /// Writes the plan's events in order, in batches, and returns when all are acknowledged.
    func produce(_ plan: EventPlan, to topic: String, inBatchesOf size: Int = 500) async throws {
        let producer = try await log.producer(ProducerConfiguration())
        for start in stride(from: 0, to: plan.events.count, by: size) {
            var batch = ProduceBatch()
            for event in plan.events[start..<min(start + size, plan.events.count)] {
                batch.append(
                    topic: TopicName(topic),
                    key: Array(event.key.utf8),
                    value: event.value,
                    headers: [Header("ce_id", event.id), Header("ce_source", "test")]
                )
            }
            for case .failed(let error) in try await producer.send(batch) { throw error }
        }
        await producer.close(within: .seconds(10))
    }
}
