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

    static func compare(
        old: ComparedSchema,
        new: ComparedSchema,
        isLenient: Bool,
        until deadline: ContinuousClock.Instant? = nil
    ) -> SchemaComparison {
        do throws(ComparisonObstacle) {
            let model = SchemaModel(old: try library(of: old), new: try library(of: new))
            let comparison = StructuralComparison(model, isLenient: isLenient, until: deadline)
            let result = try comparison.run()
            let differences = result.flattened(leniently: isLenient).map { difference($0, comparison) }
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

    private static func difference(_ found: PairResult.Flat, _ comparison: StructuralComparison) -> SchemaDifference {
        let model = comparison.model
        let isAllowed = found.rule.isAllowed(leniently: comparison.isLenient)
        let (old, new) = (found.difference.old.flatMap(model.content), found.difference.new.flatMap(model.content))
        return SchemaDifference(
            found.rule.rawValue,
            isAllowed ? .compatible : .incompatible,
            path: found.path,
            oldPointer: old?.pointer,
            newPointer: new?.pointer,
            old: old?.json,
            new: new?.json,
            reason: found.difference.leftOver.flatMap { reason($0, comparison) },
            advice: isAllowed ? [] : CompatibilityAdvice.sentences(for: found.rule.rawValue)
        )
    }

    /// What keeps a branch from fitting the one that it comes closest to; nil where that is not known.
    private static func reason(_ leftOver: Finding.LeftOver, _ comparison: StructuralComparison) -> String? {
        let model = comparison.model
        let nearest: (part: Int, refused: [PairResult.Flat])?
        do throws(ComparisonObstacle) {
            nearest = try comparison.nearest(to: leftOver)
        } catch {
            return "Which branch comes closest is not known: \(error.reason)."
        }
        guard let part = model.content(of: model.spot(leftOver.part))?.pointer, let nearest,
            let other = model.content(of: model.spot(nearest.part))?.pointer
        else { return nil }
        let shown = nearest.refused.prefix(3).map { "\($0.rule.rawValue) \($0.path)" }.joined(separator: ", ")
        let more = nearest.refused.count > 3 ? " and \(nearest.refused.count - 3) more" : ""
        let (mine, theirs) = leftOver.isOld ? ("writers'", "readers'") : ("readers'", "writers'")
        return
            "Branch \(part) of the \(mine) schema has no partner; it comes closest to \(other) of the \(theirs) schema, "
            + "but for \(shown)\(more)."
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
