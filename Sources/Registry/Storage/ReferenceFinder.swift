internal import Contracts
internal import JSON

/// Finds where a schema of a folder refers to other files of it.
///
/// Only `<subject>/v<N>.json` has that form, relative to the schema's own place `<subject>/v<N>.json` (`v1.json`,
/// `../common.address/v1.json`) or as `busbar:/schemas/common.address/v1.json`. Everything else stays in the document.
struct ReferenceFinder {
    private let subject: String
    private let exists: (_ subject: String, _ version: Int) -> Bool
    private var found: Set<RegisteredReference> = []

    /// The references in `schema`, by name.
    static func references(
        in schema: JSON,
        of subject: String,
        exists: @escaping (_ subject: String, _ version: Int) -> Bool
    ) -> [RegisteredReference] {
        var finder = ReferenceFinder(subject: subject, exists: exists)
        finder.visit(schema)
        return finder.found.sorted { $0.name < $1.name }
    }

    private init(subject: String, exists: @escaping (String, Int) -> Bool) {
        self.subject = subject
        self.exists = exists
    }

    private mutating func visit(_ value: JSON) {
        for element in value.elements ?? [] { visit(element) }
        for (name, member) in value.members ?? [] {
            if name == "$ref" || name == "$dynamicRef", let text = member.string { note(text) }
            visit(member)
        }
    }

    private mutating func note(_ text: String) {
        let name = String(text.prefix { $0 != "#" })
        guard let (subject, version) = place(name), exists(subject, version) else { return }
        found.insert(RegisteredReference(name: name, subject: subject, version: version))
    }

    private func place(_ name: String) -> (subject: String, version: Int)? {
        let absolute = "busbar:/schemas/"
        var path = Substring(name)
        if path.hasPrefix(absolute) {
            path = path.dropFirst(absolute.count)
        } else if path.hasPrefix("../") {
            path = path.dropFirst(3)
        } else if !path.contains("/") {
            return Self.version(path).map { (subject, $0) }
        } else {
            return nil
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let version = Self.version(parts[1]) else { return nil }
        return (String(parts[0]), version)
    }

    /// The number in `v3.json`.
    private static func version(_ file: Substring) -> Int? {
        guard file.hasPrefix("v"), file.hasSuffix(".json"), let number = Int(file.dropFirst().dropLast(5)),
            number >= 1, file == "v\(number).json"
        else { return nil }
        return number
    }
}
