internal import JSON

/// The first place where two documents differ.
struct JSONDifference {
    /// Into the second document; where a member or element went away, what held it.
    let pointer: String
    /// What differs, without a stop.
    let sentence: String

    /// nil when they are the same but for the order of members.
    init?(_ old: JSON, _ new: JSON, at pointer: String = "") {
        switch (old, new) {
        case (.object(let before), .object(let after)):
            guard let found = Self.inMembers(before, after, new, at: pointer) else { return nil }
            self = found
        case (.array(let before), .array(let after)):
            let pairs = zip(before, after).enumerated()
            for (index, pair) in pairs {
                if let found = JSONDifference(pair.0, pair.1, at: "\(pointer)/\(index)") {
                    self = found
                    return
                }
            }
            guard before.count != after.count else { return nil }
            self.pointer = pointer
            sentence = "the length of \(Self.name(pointer)) was \(before.count) and is \(after.count)"
        default:
            guard old.bytes != new.bytes else { return nil }
            self.pointer = pointer
            sentence = "\(Self.name(pointer)) was \(Self.short(old)) and is \(Self.short(new))"
        }
    }

    private init(pointer: String, sentence: String) {
        self.pointer = pointer
        self.sentence = sentence
    }

    private static func inMembers(
        _ before: [(String, JSON)],
        _ after: [(String, JSON)],
        _ new: JSON,
        at pointer: String
    ) -> JSONDifference? {
        for (name, value) in before {
            let inner = appending(name, to: pointer)
            guard let now = new[name] else {
                return JSONDifference(pointer: pointer, sentence: "\(self.name(inner)) is gone")
            }
            if let found = JSONDifference(value, now, at: inner) { return found }
        }
        let names = Set(before.map { JSONName($0.0) })
        guard let added = after.first(where: { !names.contains(JSONName($0.0)) }) else { return nil }
        let inner = appending(added.0, to: pointer)
        return JSONDifference(pointer: inner, sentence: "\(name(inner)) was added")
    }

    private static func appending(_ name: String, to pointer: String) -> String {
        var text = pointer
        JSONPointer.append(name, to: &text)
        return text
    }

    private static func name(_ pointer: String) -> String { pointer.isEmpty ? "the root" : pointer }

    private static func short(_ json: JSON) -> String { json.description.cut(to: 60) }
}

extension String {
    /// At most `length` characters, with dots where some are left out.
    func cut(to length: Int) -> String { count <= length ? self : prefix(length - 3) + "..." }
}
