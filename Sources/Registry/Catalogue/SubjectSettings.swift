internal import Contracts
internal import JSON

/// What `/config` holds of a subject, a context or the registry. What is not set is looked for one scope further out.
struct SubjectSettings: Sendable, Equatable {
    /// By the names of Confluent's API, in the form of its answers (`compatibilityLevel`).
    private(set) var members: [String: JSON] = [:]

    /// The order in which members are written.
    static let names = [
        "alias", "normalize", "validateFields", "validateNewSchemas", "validateRules", "compatibilityLevel",
        "compatibilityPolicy", "compatibilityGroup", "defaultMetadata", "overrideMetadata", "defaultRuleSet",
        "overrideRuleSet",
    ]

    init() {}

    /// Reads the value of a `CONFIG` record. Nothing is refused: another registry may have written more.
    init(record value: JSON) {
        for (name, value) in value.members ?? [] where value != .null && name != "subject" { members[name] = value }
    }

    var level: CompatibilityLevel? {
        members["compatibilityLevel"]?.string.flatMap { CompatibilityLevel(rawValue: $0.lowercased()) }
    }

    /// `SOUND` is ours: every document that one version accepts, the other one must accept.
    var policy: CompatibilityPolicy? {
        switch members["compatibilityPolicy"]?.string?.uppercased() {
        case "STRICT": .confluent
        case "LENIENT": .lenient
        case "SOUND": .sound
        default: nil
        }
    }

    /// The property of the metadata that must be equal for two versions to be compared.
    var group: String? { members["compatibilityGroup"]?.string }
    var normalizes: Bool? { members["normalize"]?.boolValue }
    /// The subject that is meant by this one's name; nil for none.
    var alias: String? { members["alias"]?.string.flatMap { $0.isEmpty ? nil : $0 } }

    /// These, and the outer ones' where these say nothing.
    func within(_ outer: SubjectSettings) -> SubjectSettings {
        var merged = self
        merged.members.merge(outer.members) { own, _ in own }
        return merged
    }

    /// These, changed by the body of a `PUT`.
    /// - Throws: 42203 for a level or policy that does not exist, 42205 for what this registry does not do, 42210 for what
    ///   is no rule set, 400 for any other value of the wrong type.
    func changed(by body: JSON) throws(RegistryError) -> SubjectSettings {
        var changed = self
        for (name, value) in body.members ?? [] where value != .null {
            switch name {
            case "compatibility", "compatibilityLevel":
                changed.members["compatibilityLevel"] = .string(try Self.level(value))
            case "compatibilityPolicy": changed.members[name] = .string(try Self.policy(value))
            case "alias", "compatibilityGroup":
                guard value.string != nil else { throw RegistryError(.badRequest, "'\(name)' must be a string.") }
                changed.members[name] = value
            case "normalize":
                guard value.boolValue != nil else {
                    throw RegistryError(.badRequest, "'\(name)' must be true or false.")
                }
                changed.members[name] = value
            case "defaultMetadata", "overrideMetadata", "defaultRuleSet", "overrideRuleSet":
                try Self.check(value, for: name)
                changed.members[name] = value
            default:
                // What would change the answer to a registration must not be taken and then not done.
                guard Self.names.contains(name) else { continue }
                guard value == false else {
                    throw RegistryError(.operationNotPermitted, "This registry does not do '\(name)'.")
                }
                changed.members[name] = value
            }
        }
        return changed
    }

    private static func level(_ value: JSON) throws(RegistryError) -> String {
        guard let text = value.string, let level = CompatibilityLevel(rawValue: text.lowercased()) else {
            let all = CompatibilityLevel.allCases.map { $0.rawValue.uppercased() }.joined(separator: ", ")
            throw RegistryError(
                .invalidLevel,
                "Invalid compatibility level. Valid values are \(all)"
            )
        }
        return level.rawValue.uppercased()
    }

    private static func policy(_ value: JSON) throws(RegistryError) -> String {
        guard let text = value.string?.uppercased(), ["STRICT", "LENIENT", "SOUND"].contains(text) else {
            throw RegistryError(
                .invalidLevel,
                "Invalid compatibility policy. Valid values are STRICT, LENIENT and, here only, SOUND"
            )
        }
        return text
    }

    func write(to writer: inout JSONWriter, levelName: String = "compatibilityLevel") {
        for name in Self.names {
            guard let value = members[name] else { continue }
            writer.member(name == "compatibilityLevel" ? levelName : name, value)
        }
    }

    func record(of subject: QualifiedSubject?) -> RegistryRecord {
        var writer = JSONWriter(reservingCapacity: 96)
        writer.object { writer in
            writer.member("subject", subject.map { .string("\($0)") } ?? JSON.null)
            write(to: &writer)
            for (name, value) in members.sorted(by: { $0.key < $1.key }) where !Self.names.contains(name) {
                writer.member(name, value)
            }
        }
        return RegistryRecord(.config(subject), writer.bytes)
    }
}

/// What may be done to a subject.
enum RegistryMode: String, Sendable, CaseIterable {
    case readWrite = "READWRITE"
    case readOnly = "READONLY"
    /// Deprecated by Confluent; as `READONLY`, but an inner scope cannot lift it.
    case readOnlyOverride = "READONLY_OVERRIDE"
    /// Ids and versions come with the schemas; nothing is checked.
    case importing = "IMPORT"
    /// Of the whole registry only: somebody else answers for this one.
    case forward = "FORWARD"

    func record(of subject: QualifiedSubject?) -> RegistryRecord {
        var writer = JSONWriter(reservingCapacity: 64)
        writer.object { writer in
            writer.member("subject", subject.map { .string("\($0)") } ?? JSON.null)
            writer.member("mode", rawValue)
        }
        return RegistryRecord(.mode(subject), writer.bytes)
    }
}
