import JSON

/// Whether every document that the old version accepts is accepted by the new one.
enum SoundComparison {
    static func compare(old: ComparedSchema, new: ComparedSchema) -> SchemaComparison {
        do {
            let sets = try ComparedSets(old: old, new: new)
            let solver = SetSolver(sets.builder.sets)
            let outcome = solver.solve([.accepts(node: sets.old), .refuses(node: sets.new)], limit: 32)
            var c = SchemaComparison(.unknown, [])
            switch outcome {
            case .empty: c.verdict = .compatible
            case .unknown(let reason): c.differences = [SchemaDifference("X", .unknown, path: "#", reason: reason)]
            case .found(let docs):
                for doc in docs { c.differences.append(SchemaDifference("X", .incompatible, path: "#", counterexample: doc, reason: "\(solver.steps)")) }
                c.verdict = .incompatible
            }
            return c
        } catch {
            return SchemaComparison(.unknown, [SchemaDifference("X", .unknown, path: "#", reason: error.message)])
        }
    }
}
