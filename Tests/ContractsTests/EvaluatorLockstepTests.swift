import Contracts
import JSON
import Testing

/// The compiled program and the evaluator, which reads the schema on its own, take the same random schemas and
/// instances and must agree.
@Suite(.timeLimit(.minutes(2))) struct EvaluatorLockstepTests {
    @Test(arguments: [UInt64(1), 2, 3, 4])
    func programAndEvaluatorAgree(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let scratch = ValidationScratch()
        var (contracts, valid, instances) = (0, 0, 0)
        for round in 0..<300 {
            var grammar = SchemaGrammar((0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }[...])
            let schema = grammar.contract()
            let compiled: Contract
            do throws(ContractError) {
                compiled = try Contract(compiling: schema, formats: .assertion)
            } catch {
                // Keywords of other drafts, and references in circles.
                #expect(error.code != .invalidPattern, "seed \(seed), round \(round): \(error)")
                continue
            }
            contracts += 1
            for _ in 0..<8 {
                let instance = grammar.value(3)
                instances += 1
                try JSONParser().withDocument(instance.bytes) { root in
                    let isValid = compiled.isValid(root, using: scratch)
                    let found = compiled.violations(of: root, using: scratch)
                    let unit = try compiled.evaluate(root, using: scratch)
                    let about: Comment =
                        "seed \(seed), round \(round): \(schema) takes \(instance)? \(found) \(unit.leaves)"
                    #expect(unit.isValid == isValid, about)
                    #expect(found.isEmpty == isValid, about)
                    valid += isValid ? 1 : 0
                }
            }
        }
        // The grammar must lead to validation and to both verdicts, or this says nothing.
        #expect(contracts > 100, "of 300 schemas \(contracts) compiled")
        #expect(valid > instances / 10 && valid < instances * 9 / 10, "\(valid) of \(instances) were valid")
    }
}
