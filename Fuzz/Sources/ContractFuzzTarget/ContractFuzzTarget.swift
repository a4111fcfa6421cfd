import Contracts
import JSON

/// What libFuzzer calls with each input: a byte of choices, then a schema, NUL and an instance, or the decisions of a
/// `SchemaGrammar`.
///
/// Every input ends in a verdict or an error; a trap, a hang and an allocation over `-malloc_limit_mb` are findings, and
/// so is a difference between the compiled program, its report, and the evaluator, which reads the schema on its own.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: start, count: count)
    guard let choices = input.first else { return 0 }
    let (schema, instance) = texts([UInt8](input.dropFirst()), isGrammar: choices & 8 == 8)
    checkParser(instance, rejectsDuplicateKeys: choices & 1 == 1)
    do throws(ContractError) {
        let contract = try Contract(
            compiling: schema,
            uri: "busbar:/fuzz",
            formats: choices & 2 == 2 ? .assertion : .annotation,
            rejectsDuplicateKeys: choices & 1 == 1
        )
        check(contract, instance, isStrict: choices & 1 == 1, evaluates: choices & 4 == 0)
    } catch {
        precondition(!error.message.isEmpty && error.line ?? 1 > 0 && error.column ?? 1 > 0, "a bad error: \(error)")
    }
    return 0
}

private func texts(_ input: [UInt8], isGrammar: Bool) -> (schema: [UInt8], instance: [UInt8]) {
    if isGrammar {
        var grammar = SchemaGrammar(input[...])
        return (grammar.contract().bytes, grammar.value(4).bytes)
    }
    let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    return ([UInt8](parts[0]), [UInt8](parts[parts.count - 1]))
}

/// What the parser takes it writes again, and takes that for the same.
private func checkParser(_ text: [UInt8], rejectsDuplicateKeys: Bool) {
    do {
        let limits = JSONLimits(rejectsDuplicateKeys: rejectsDuplicateKeys)
        let document = try JSONDocument(text, limits: limits)
        let json = try document.withRoot { root throws(JSONError) in try JSON(root) }
        let again = try JSONDocument(json.bytes, limits: limits)
        document.withRoot { first in
            again.withRoot { second in
                precondition(first.isEqual(to: second), "written and read again it differs")
                precondition(first.structuralHash == second.structuralHash, "equal values have different hashes")
            }
        }
    } catch {
        precondition(error.byteOffset >= 0 && error.byteOffset <= text.count, "an error behind the input: \(error)")
    }
}

// libFuzzer calls from one thread.
private nonisolated(unsafe) let lenient = JSONParser()
private nonisolated(unsafe) let strict = JSONParser(limits: JSONLimits(rejectsDuplicateKeys: true))
private nonisolated(unsafe) let scratch = ValidationScratch()

private func check(_ contract: Contract, _ instance: [UInt8], isStrict: Bool, evaluates: Bool) {
    do {
        try (isStrict ? strict : lenient).withDocument(instance) { root in
            let isValid = contract.isValid(root, using: scratch)
            let violations = contract.violations(of: root, using: scratch)
            let isBounded = violations.contains { $0.message.hasSuffix("so it counts as invalid") }
            precondition(
                isValid == violations.isEmpty || isBounded,
                "the report differs from the verdict: \(violations)"
            )
            for violation in violations where isStrict {
                let pointer = try JSONPointer(violation.instance)
                precondition(root[pointer: pointer] != nil, "the instance has no place \(pointer)")
            }
            guard evaluates, !isBounded else { return }
            let unit = try contract.evaluate(root, using: scratch)
            precondition(unit.isValid == isValid, "the evaluator says \(unit), the program \(violations)")
            precondition(isValid || !unit.leaves.isEmpty, "an invalid instance without an error")
        }
    } catch {
        precondition(!"\(error)".isEmpty)
    }
}
