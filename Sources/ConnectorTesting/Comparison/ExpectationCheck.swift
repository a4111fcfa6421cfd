internal import ConnectorKit
internal import Delivery
internal import JSON
internal import Log

/// Holds what a test expects against what happened.
struct ExpectationCheck {
    let expectation: ConnectorTest.Expectation
    let observation: TestObservation

    /// Everything that is not as expected, in the order of the keys of `expect`.
    func mismatches() -> [TestMismatch] {
        counts() + deadLetters() + requests() + records() + accounting()
    }

    private func counts() -> [TestMismatch] {
        let outcomes = observation.outcomes
        let pairs: [(String, Int?, Int)] = [
            ("delivered", expectation.delivered, outcomes.delivered),
            ("filtered", expectation.filtered, outcomes.filtered),
            ("duplicate", expectation.duplicate, outcomes.duplicate),
            ("rejected", expectation.rejected, outcomes.rejected),
        ]
        return pairs.compactMap { name, expected, actual in
            expected.flatMap { $0 == actual ? nil : TestMismatch(name, expected: $0, actual: actual) }
        }
    }

    private func deadLetters() -> [TestMismatch] {
        let actual = observation.outcomes.deadLettered
        let total = actual.values.reduce(0, +)
        switch expectation.deadLettered {
        case nil: return []
        case .total(let expected):
            guard expected != total else { return [] }
            return [TestMismatch("dead_lettered", expected: expected, actual: total, details: letters())]
        case .byReason(let expected):
            return DeadLetterReason.allCases.compactMap { reason in
                let (wanted, found) = (expected[reason] ?? 0, actual[reason] ?? 0)
                guard wanted != found else { return nil }
                return TestMismatch(
                    "dead_lettered.\(reason.rawValue)",
                    expected: wanted,
                    actual: found,
                    details: letters(reason)
                )
            }
        }
    }

    /// What the dead letters say, each text once.
    private func letters(_ reason: DeadLetterReason? = nil) -> [String] {
        var texts: [String] = []
        for letter in observation.letters where reason == nil || letter.reason == reason?.rawValue {
            let text = "\(letter.reason): \(letter.detail)"
            if !texts.contains(text) { texts.append(text) }
        }
        return Array(texts.prefix(3))
    }

    private func requests() -> [TestMismatch] {
        let actual = observation.requests
        let differences = expectation.requests.map { expected in actual.map { expected.differences(from: $0) } }
        return unmatched("requests", "request", differences, actual.count)
    }

    private func records() -> [TestMismatch] {
        let letters = Set(observation.deadLetterRecords.compactMap(\.topic))
        let actual = observation.records + observation.deadLetterRecords
        let differences = expectation.records.map { expected in
            actual.map { record -> [String] in
                if let topic = record.topic, letters.contains(topic), expected.topic != topic {
                    return ["the record is a dead letter"]
                }
                return expected.differences(from: record)
            }
        }
        return unmatched("records", "record", differences, observation.records.count)
    }

    /// The expectations that no thing of their own fits. `differences` are by expectation and thing, and empty where the
    /// thing is what was expected; `count` is how many there are to speak of.
    private func unmatched(_ name: String, _ noun: String, _ differences: [[[String]]], _ count: Int) -> [TestMismatch]
    {
        let things = differences.first?.count ?? 0
        let matching = Matching(expected: differences.count, actual: things) { differences[$0][$1].isEmpty }
        return matching.unmatched.map { index in
            let near = matching.left.min { differences[index][$0].count < differences[index][$1].count }
            guard let near else {
                return TestMismatch("\(name)[\(index)]", "there is no \(noun) left for it, of \(count) in all")
            }
            let found = differences[index][near]
            guard !found.isEmpty else {
                return TestMismatch("\(name)[\(index)]", "the only \(noun) like it belongs to another expectation")
            }
            return TestMismatch(
                "\(name)[\(index)]",
                "no \(noun) is like it, of \(count) in all; the nearest differs",
                details: Array(found.prefix(5))
            )
        }
    }

    private func accounting() -> [TestMismatch] {
        guard observation.outcomes.unaccounted != 0 else { return [] }
        return [TestMismatch("accounting", "\(observation.outcomes.unaccounted) records have no outcome")]
    }
}
