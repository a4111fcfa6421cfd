extension Fields {
    /// A text somewhere in the fields.
    struct Leaf {
        var text: String
        var location: ConfigLocation
    }

    /// Every text whose type satisfies `isWanted`, at any depth, in the order of the specs.
    func leaves(where isWanted: (FieldType) -> Bool) -> [Leaf] {
        specs.flatMap { spec in values[spec.name].map { Self.leaves(in: $0, spec.type, where: isWanted) } ?? [] }
    }

    private static func leaves(
        in located: LocatedValue,
        _ type: FieldType,
        where isWanted: (FieldType) -> Bool
    ) -> [Leaf] {
        switch located.value {
        case .text(let template), .resolved(_, let template), .secret(_, let template):
            let wanted = type.scalarShapes.contains(where: isWanted)
            return wanted ? [Leaf(text: located.value.shownText ?? template.source, location: located.location)] : []
        case .list(let elements):
            return type.elementShapes.first.map { shape in
                elements.flatMap { leaves(in: $0, shape, where: isWanted) }
            } ?? []
        case .map(let entries):
            return type.elementShapes.first.map { shape in
                entries.flatMap { leaves(in: $0.value, shape, where: isWanted) }
            } ?? []
        case .object(let fields): return fields.leaves(where: isWanted)
        case .int, .double, .bool, .duration, .rate, .json: return []
        }
    }
}

extension FieldValue {
    /// Text that may be shown: resolved, or without references.
    fileprivate var shownText: String? {
        if case .resolved(let text, _) = self { text } else { nil }
    }
}

extension FieldType {
    /// The types that a single text of this type may have.
    fileprivate var scalarShapes: [FieldType] {
        switch self {
        case .oneOf(let shapes): shapes.flatMap(\.scalarShapes)
        case .list, .map, .object, .union, .json: []
        default: [self]
        }
    }

    /// The types of the values of a sequence or free mapping of this type.
    var elementShapes: [FieldType] {
        switch self {
        case .oneOf(let shapes): shapes.flatMap(\.elementShapes)
        case .list(let type, _), .map(let type): [type]
        default: []
        }
    }
}
