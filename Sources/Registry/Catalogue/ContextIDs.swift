/// The ids of one context: what each stands for, where, and which come next.
struct ContextIDs: Sendable {
    /// A version that a schema has.
    struct Place: Sendable, Hashable, Comparable {
        let subject: QualifiedSubject
        let version: Int

        static func < (left: Place, right: Place) -> Bool {
            left.subject == right.subject ? left.version < right.version : left.subject < right.subject
        }
    }

    private struct Entry {
        let schema: RegisteredSchema
        var places: Set<Place>
    }

    /// The highest id ever given out, 0 before the first; it never falls, whatever is deleted.
    private(set) var highest: Int32 = 0
    private var entries: [Int32: Entry] = [:]
    private var ids: [String: Int32] = [:]

    /// How many schemas there are.
    var count: Int { entries.count }
    /// Whether no version is left.
    var isEmpty: Bool { entries.isEmpty }

    func schema(_ id: Int32) -> RegisteredSchema? { entries[id]?.schema }

    func id(guid: String) -> Int32? { ids[guid] }

    /// Versions with this schema, by subject and number; softly deleted ones too.
    func places(_ id: Int32) -> [Place] { (entries[id]?.places ?? []).sorted() }

    mutating func raise(to id: Int32) { highest = max(highest, id) }

    mutating func insert(_ stored: StoredVersion, at place: Place) {
        raise(to: stored.id)
        // Where another registry has put two schemas under one id, the later one counts, as for its own readers.
        if let other = entries[stored.id]?.schema.identity.guid, other != stored.schema.identity.guid {
            if ids[other] == stored.id { ids[other] = nil }
        }
        let places = entries[stored.id]?.places ?? []
        entries[stored.id] = Entry(schema: stored.schema, places: places.union([place]))
        ids[stored.schema.identity.guid] = stored.id
    }

    mutating func remove(_ id: Int32, at place: Place) {
        guard var entry = entries.removeValue(forKey: id) else { return }
        entry.places.remove(place)
        if !entry.places.isEmpty {
            entries[id] = entry
        } else if ids[entry.schema.identity.guid] == id {
            ids[entry.schema.identity.guid] = nil
        }
    }
}
