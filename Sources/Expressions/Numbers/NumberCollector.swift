internal import JSON

/// Finds every number of a record and of its bindings.
enum NumberCollector {
    static func numbers(of payload: JSONValue, _ bindings: Bindings) throws(ExpressionError) -> [JSONLiteral] {
        var seen: Set<String> = []
        var found: [JSONLiteral] = []
        try collect(payload, &seen, &found)
        let meta = bindings.meta
        for value in [meta.partition, meta.offset.map { Int($0) }, meta.timestamp.map { Int($0) }] {
            if let value { found.append(JSONLiteral(value)) }
        }
        return found
    }

    /// The depth has been checked when the input was built.
    private static func collect(
        _ value: JSONValue,
        _ seen: inout Set<String>,
        _ found: inout [JSONLiteral]
    ) throws(ExpressionError) {
        switch value.kind {
        case .null, .boolean, .string: break
        case .number:
            guard let text = value.number?.literal, seen.insert(text).inserted else { return }
            do {
                if case .number(let literal) = try JSON(value) { found.append(literal) }
            } catch {
                throw ExpressionError(code: .inexactNumber, message: "a number of the record cannot be read")
            }
        case .array: for element in value.elements { try collect(element, &seen, &found) }
        case .object: for (_, member) in value.members { try collect(member, &seen, &found) }
        }
    }
}
