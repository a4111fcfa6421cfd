package import JSON

/// Where a schema of a folder refers to another file of it: what a registry keeps as a reference.
package struct FolderReference: Hashable, Sendable {
    /// What `$ref` says before its fragment.
    package let name: String
    /// The folder of the file.
    package let subject: String
    /// From 1.
    package let version: Int

    /// Finds the references in a schema.
    ///
    /// Only `<subject>/v<N>.json` has that form, relative to the schema's own place `<subject>/v<N>.json` (`v1.json`,
    /// `../common.address/v1.json`) or as `busbar:/schemas/common.address/v1.json`. Everything else stays in the document.
    /// - Parameters:
    ///   - schema: the document.
    ///   - subject: the folder it lies in.
    ///   - exists: whether the folder of contracts has such a version.
    /// - Returns: each once, by name.
    package static func all(
        in schema: JSON,
        of subject: String,
        exists: (_ subject: String, _ version: Int) -> Bool
    ) -> [FolderReference] {
        var found: Set<FolderReference> = []
        var work = [schema]
        while let value = work.popLast() {
            work += value.elements ?? []
            for (name, member) in value.members ?? [] {
                if name == "$ref" || name == "$dynamicRef", let text = member.string,
                    let reference = FolderReference(text, of: subject), exists(reference.subject, reference.version)
                {
                    found.insert(reference)
                }
                work.append(member)
            }
        }
        return found.sorted { $0.name < $1.name }
    }

    private init?(_ text: String, of subject: String) {
        let name = String(text.prefix { $0 != "#" })
        let absolute = "busbar:/schemas/"
        var path = Substring(name)
        if path.hasPrefix(absolute) {
            path = path.dropFirst(absolute.count)
        } else if path.hasPrefix("../") {
            path = path.dropFirst(3)
        } else if !path.contains("/") {
            path = "\(subject)/\(path)"
        } else {
            return nil
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].hasSuffix(".json"),
            let version = SchemaReference.version(named: parts[1].dropLast(5))
        else { return nil }
        (self.name, self.subject, self.version) = (name, String(parts[0]), version)
    }
}
