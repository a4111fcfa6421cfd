import Contracts
import JSON
import LogTesting
import Testing

/// Random schemas against random documents: what is said to be contained is.
@Suite struct SoundPropertyTests {
    @Test(.timeLimit(.minutes(3)), arguments: 1...6 as ClosedRange<UInt64>)
    func neverAcceptsWhatADocumentContradicts(seed: UInt64) throws {
        var generator = RandomContracts(random: SeededRandom(seed: seed))
        var counts: [SchemaComparison.Verdict: Int] = [:]
        let documents = (0..<60).map { _ in generator.document() }
        for round in 0..<150 {
            generator.isModern = round % 3 == 0
            let json = generator.contract()
            // What was drawn may be no schema; the test counts what it has compared.
            guard let old = try? ComparedSchema(json.bytes),
                let new = try? ComparedSchema(generator.mutated(json).bytes)
            else { continue }
            let result = CompatibilityPolicy.sound.compare(old: old, new: new)
            counts[result.verdict, default: 0] += 1
            let about: Comment = "seed \(seed) round \(round): \(old.json) -> \(new.json) \(result.verdict)"
            try SoundVerdict.check(result, old: old, new: new, about)
            guard result.verdict == .compatible else { continue }
            let guided = (0..<20).map { generator.instance(of: $0 % 3 == 0 ? new.json : old.json) }
            for document in guided + documents + old.json.parts + new.json.parts {
                let breaks = try SoundVerdict.isValid(document, old) && !SoundVerdict.isValid(document, new)
                #expect(!breaks, "\(about): \(document)")
            }
        }
        let decided = (counts[.compatible] ?? 0) + (counts[.incompatible] ?? 0)
        #expect(decided * 10 >= (decided + (counts[.unknown] ?? 0)) * 9, "seed \(seed): \(counts)")
        #expect(counts[.compatible] ?? 0 > 20 && counts[.incompatible] ?? 0 > 20, "seed \(seed): \(counts)")
    }
}
