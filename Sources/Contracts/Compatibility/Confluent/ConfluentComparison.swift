import JSON

/// Confluent's structural comparison: the differences that its registry finds between two schemas, under its names, with
/// its paths and its verdicts.
///
/// It is no proof: the registry does not compare everything (``ModelSchema``), and refuses some changes that break
/// nothing. `sound` is for that. It departs from the registry where that one crashes, rounds numbers to doubles, or stops
/// at a reference to a reference.
enum ConfluentComparison {
    /// What stands for the differences when the comparison could not be finished.
    static let notCompared = "NOT_COMPARED"

    static func compare(old: ComparedSchema, new: ComparedSchema, isLenient: Bool) -> SchemaComparison {
        do throws(ComparisonObstacle) {
            let model = SchemaModel(old: try library(of: old), new: try library(of: new))
            let result = try StructuralComparison(model, isLenient: isLenient).run()
            let differences = result.flattened(leniently: isLenient).map { difference($0, model, isLenient: isLenient) }
            return SchemaComparison(result.isAllowed ? .compatible : .incompatible, differences)
        } catch {
            let difference = SchemaDifference(Self.notCompared, .unknown, path: "#/", reason: error.reason)
            return SchemaComparison(.unknown, [difference])
        }
    }

    static func library(of schema: ComparedSchema) throws(ComparisonObstacle) -> SchemaLibrary {
        var library = SchemaLibrary(resolver: schema.resolver, defaultDraft: schema.draft)
        do {
            _ = try library.add(schema.json, uri: SchemaURI(schema.uri).withoutFragment)
        } catch {
            throw .unreadable(error)
        }
        return library
    }

    private static func difference(
        _ found: PairResult.Flat,
        _ model: SchemaModel,
        isLenient: Bool
    ) -> SchemaDifference {
        let isAllowed = found.rule.isAllowed(leniently: isLenient)
        let (old, new) = (found.old.flatMap(model.content), found.new.flatMap(model.content))
        return SchemaDifference(
            found.rule.rawValue,
            isAllowed ? .compatible : .incompatible,
            path: found.path,
            oldPointer: old?.pointer,
            newPointer: new?.pointer,
            old: old?.json,
            new: new?.json,
            advice: isAllowed ? [] : CompatibilityAdvice.sentences(for: found.rule.rawValue)
        )
    }
}

extension SchemaModel {
    /// What is written at a spot and a pointer to it, nil when nothing is. The pointer is one into the document that was
    /// compared, or else has the address of its document before a `#`.
    func content(of spot: Spot) -> (pointer: String, json: JSON)? {
        let entry = libraries[spot.side].entries[spot.entry]
        guard let json = entry.json[pointer: JSONPointer(tokens: spot.steps)] else { return nil }
        var pointer = entry.pointer
        for step in spot.steps { JSONPointer.append(step, to: &pointer) }
        guard entry.document != 0 else { return (pointer, json) }
        return (libraries[spot.side].documents[entry.document] + "#" + pointer, json)
    }
}
