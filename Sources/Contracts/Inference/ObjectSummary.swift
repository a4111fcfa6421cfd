internal import JSON

/// What the objects of one place have in common: members by name, or as a map whose names are data.
struct ObjectSummary: Sendable, Equatable {
    /// What the members of one name have in common.
    struct Member: Sendable, Equatable {
        /// In how many objects it is.
        fileprivate(set) var presence = 0
        fileprivate(set) var value = ValueSummary()
    }

    private(set) var count = 0
    /// By the UTF-8 of their names; empty in a map.
    private(set) var members: [[UInt8]: Member] = [:]
    /// Whether names are not told apart: there were too many, or one was too long.
    private(set) var isMap = false
    /// None, or one for all members of a map.
    private var entries: [ValueSummary] = []

    /// What the values of a map have in common; nil when there are none, or it is no map.
    var values: ValueSummary? { entries.first }

    var places: Int {
        members.values.reduce(entries.first?.places ?? 0) { $0 + $1.value.places }
    }

    /// - Returns: how many places are new; those that went into a map are not subtracted.
    mutating func add(_ object: JSONValue, depth: Int, _ bounds: InferenceBounds) -> Int {
        count += 1
        let repeats = object.firstDuplicateKey != nil
        var seen: Set<[UInt8]> = []
        var added = 0
        for (key, value) in object.members {
            var name: [UInt8] = []
            key.value.appendString(to: &name)
            let isKnown = members[name] != nil
            if !isMap, !isKnown, name.count > bounds.nameBytes || members.count >= bounds.members {
                becomeMap(bounds)
            }
            if isMap {
                added += addEntry(value, depth: depth, bounds)
                continue
            }
            // Every value of a repeated name is validated, but the object has the member once.
            let isFirst = !repeats || seen.insert(name).inserted
            added += isKnown ? 0 : 1
            added += members[name, default: Member()].value.add(value, depth: depth, bounds)
            if isFirst { members[name]?.presence += 1 }
        }
        return added
    }

    mutating func merge(_ other: ObjectSummary, _ bounds: InferenceBounds) {
        count += other.count
        if other.isMap, !isMap { becomeMap(bounds) }
        if let more = other.values { mergeEntry(more, bounds) }
        for (name, member) in other.members {
            if isMap {
                mergeEntry(member.value, bounds)
            } else {
                members[name, default: Member()].presence += member.presence
                members[name]?.value.merge(member.value, bounds)
            }
        }
        if members.count > bounds.members { becomeMap(bounds) }
    }

    mutating func narrow(to bounds: InferenceBounds) {
        if members.count > bounds.members { becomeMap(bounds) }
        for name in members.keys { members[name]?.value.narrow(to: bounds) }
        if !entries.isEmpty { entries[0].narrow(to: bounds) }
    }

    /// The values of all members, whatever their names.
    func merged(_ bounds: InferenceBounds) -> ValueSummary? {
        var map = self
        map.becomeMap(bounds)
        return map.values
    }

    private mutating func becomeMap(_ bounds: InferenceBounds) {
        isMap = true
        for member in members.values { mergeEntry(member.value, bounds) }
        members = [:]
    }

    private mutating func addEntry(_ value: JSONValue, depth: Int, _ bounds: InferenceBounds) -> Int {
        let isNew = entries.isEmpty
        if isNew { entries = [ValueSummary()] }
        return (isNew ? 1 : 0) + entries[0].add(value, depth: depth, bounds)
    }

    private mutating func mergeEntry(_ value: ValueSummary, _ bounds: InferenceBounds) {
        if entries.isEmpty { entries = [ValueSummary()] }
        entries[0].merge(value, bounds)
    }
}
