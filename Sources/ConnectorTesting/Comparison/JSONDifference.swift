internal import JSON

/// One place in which a JSON value is not what was expected.
struct JSONDifference: Sendable, Equatable, CustomStringConvertible {
    /// JSON Pointer into the actual value; empty for the whole of it.
    var pointer: String
    /// `nil` where nothing was expected.
    var expected: JSON?
    /// `nil` where there is nothing.
    var actual: JSON?

    var description: String {
        let place = pointer.isEmpty ? "the whole value" : pointer
        guard let expected else { return "\(place): expected nothing, got \(Self.short(actual))" }
        return "\(place): expected \(Self.short(expected)), got \(Self.short(actual))"
    }

    private static func short(_ json: JSON?) -> String {
        guard let json else { return "nothing" }
        let text = json.description
        return text.count > 120 ? text.prefix(120) + "…" : text
    }
}

/// Compares JSON values and says where they differ.
struct JSONComparison: Sendable {
    /// Whether members of `actual` that were not expected are passed over. Arrays are compared element by element.
    var allowsMore: Bool

    /// In document order.
    func differences(expected: JSON, actual: JSON, at pointer: JSONPointer = []) -> [JSONDifference] {
        switch (expected, actual) {
        case (.object(let members), .object):
            return missing(members, actual, pointer) + (allowsMore ? [] : surplus(expected, actual, pointer))
        case (.array(let expectedElements), .array(let actualElements)):
            return elements(expectedElements, actualElements, pointer)
        default:
            return expected == actual ? [] : [JSONDifference(pointer: "\(pointer)", expected: expected, actual: actual)]
        }
    }

    private func missing(_ members: [(String, JSON)], _ actual: JSON, _ pointer: JSONPointer) -> [JSONDifference] {
        members.flatMap { name, value -> [JSONDifference] in
            let place = pointer.appending(name)
            guard let found = actual[name] else {
                return [JSONDifference(pointer: "\(place)", expected: value, actual: nil)]
            }
            return differences(expected: value, actual: found, at: place)
        }
    }

    private func surplus(_ expected: JSON, _ actual: JSON, _ pointer: JSONPointer) -> [JSONDifference] {
        (actual.members ?? []).filter { expected[$0.0] == nil }.map {
            JSONDifference(pointer: "\(pointer.appending($0.0))", expected: nil, actual: $0.1)
        }
    }

    private func elements(_ expected: [JSON], _ actual: [JSON], _ pointer: JSONPointer) -> [JSONDifference] {
        let common = zip(expected, actual).enumerated().flatMap { index, pair in
            differences(expected: pair.0, actual: pair.1, at: pointer.appending(index))
        }
        let missing = expected.enumerated().dropFirst(actual.count).map {
            JSONDifference(pointer: "\(pointer.appending($0.offset))", expected: $0.element, actual: nil)
        }
        let surplus = actual.enumerated().dropFirst(expected.count).map {
            JSONDifference(pointer: "\(pointer.appending($0.offset))", expected: nil, actual: $0.element)
        }
        return common + missing + surplus
    }
}
