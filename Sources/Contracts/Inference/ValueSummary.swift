internal import JSON

/// What the values of one place have in common.
///
/// Two summaries merge into the one that all their values would have made, in any order. The exception are objects that
/// ``InferenceBounds/places`` has made maps.
struct ValueSummary: Sendable, Equatable {
    private(set) var count = 0
    private(set) var nulls = 0
    private(set) var booleans = 0
    private(set) var numbers = NumberSummary()
    private(set) var texts = TextSummary()
    private(set) var arrays = ArraySummary()
    private(set) var objects = ObjectSummary()
    /// Whether an array or object was too deep to be looked into.
    private(set) var isOpaque = false

    /// - Returns: how many places are new.
    mutating func add(_ value: JSONValue, depth: Int, _ bounds: InferenceBounds) -> Int {
        count += 1
        switch value.kind {
        case .null: nulls += 1
        case .boolean: booleans += 1
        case .number: if let number = value.number { numbers.add(number, bounds) }
        case .string: texts.add(value, bounds)
        case .array, .object:
            guard depth < bounds.depth else {
                isOpaque = true
                return 0
            }
            return value.kind == .array
                ? arrays.add(value, depth: depth + 1, bounds) : objects.add(value, depth: depth + 1, bounds)
        }
        return 0
    }

    mutating func merge(_ other: ValueSummary, _ bounds: InferenceBounds) {
        count += other.count
        nulls += other.nulls
        booleans += other.booleans
        numbers.merge(other.numbers)
        texts.merge(other.texts, bounds)
        arrays.merge(other.arrays, bounds)
        objects.merge(other.objects, bounds)
        isOpaque = isOpaque || other.isOpaque
    }

    /// Makes maps of the objects that have more members than the bounds allow.
    mutating func narrow(to bounds: InferenceBounds) {
        arrays.narrow(to: bounds)
        objects.narrow(to: bounds)
    }

    /// This place and all below it.
    var places: Int { 1 + arrays.places + objects.places }
}

/// What the arrays of one place have in common: their elements are of one kind.
struct ArraySummary: Sendable, Equatable {
    private(set) var count = 0
    /// None, or one for all elements: an array because a structure cannot hold itself.
    private var elements: [ValueSummary] = []

    var items: ValueSummary? { elements.first }
    var places: Int { elements.first?.places ?? 0 }

    mutating func add(_ array: JSONValue, depth: Int, _ bounds: InferenceBounds) -> Int {
        count += 1
        guard array.count > 0 else { return 0 }
        var added = 0
        if elements.isEmpty {
            elements = [ValueSummary()]
            added = 1
        }
        for element in array.elements { added += elements[0].add(element, depth: depth, bounds) }
        return added
    }

    mutating func merge(_ other: ArraySummary, _ bounds: InferenceBounds) {
        count += other.count
        guard let more = other.items else { return }
        if elements.isEmpty { elements = [ValueSummary()] }
        elements[0].merge(more, bounds)
    }

    mutating func narrow(to bounds: InferenceBounds) {
        if !elements.isEmpty { elements[0].narrow(to: bounds) }
    }
}
