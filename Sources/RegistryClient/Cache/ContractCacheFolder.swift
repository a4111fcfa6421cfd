internal import Crypto
internal import FoundationEssentials
internal import JSON

/// The cache's schemas on disk: a file each, so that a worker that starts while the registry is away goes on.
///
/// ```
/// <SHA-256 of the second line>\n
/// {"key": {…}, "schema": {…}, "documents": {name: text, …}}
/// ```
///
/// A file is written beside and renamed. What a crash leaves of one is told by its checksum and counts as absent: the
/// registry has it. Nothing waits for the disk, because nothing is lost with a file.
struct ContractCacheFolder: Sendable {
    /// What one file holds.
    struct Entry: Sendable {
        let key: ContractKey
        let bundle: SchemaBundle
    }

    private let path: String

    /// The folder of a registry: ids are the registry's own, so that another one has another folder.
    /// - Parameters:
    ///   - path: made where it is missing.
    ///   - urls: the registry's addresses, in any order.
    /// - Throws: when it cannot be made.
    init(in path: String, ofRegistryAt urls: [String]) throws {
        let name = SHA256.hash(data: Array(urls.sorted().joined(separator: "\n").utf8)).hexadecimal.prefix(16)
        self.path = path + "/" + name
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
    }

    /// Every file that is whole; those that are not are removed.
    /// - Parameter limit: files that are read; more are removed.
    /// - Returns: what they hold, and how many were removed.
    /// - Throws: when the folder cannot be listed.
    func read(atMost limit: Int) throws -> (entries: [Entry], removed: Int) {
        var entries: [Entry] = []
        var removed = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: path).sorted() {
            let file = path + "/" + name
            if entries.count < limit, let entry = FileManager.default.contents(atPath: file).flatMap(Self.entry),
                name == Self.name(of: entry.key)
            {
                entries.append(entry)
            } else {
                try FileManager.default.removeItem(atPath: file)
                removed += 1
            }
        }
        return (entries, removed)
    }

    /// Writes a file in place of an earlier one of the key. Blocks.
    func write(_ entry: Entry) throws {
        let text = Self.text(of: entry)
        let file = Array(SHA256.hash(data: text).hexadecimal.utf8) + [UInt8(ascii: "\n")] + text
        try Data(file).write(to: URL(filePath: path + "/" + Self.name(of: entry.key)), options: .atomic)
    }

    /// Removes the file of a key; one that is not there is as good. Blocks.
    func remove(_ key: ContractKey) throws {
        let file = path + "/" + Self.name(of: key)
        if FileManager.default.fileExists(atPath: file) { try FileManager.default.removeItem(atPath: file) }
    }

    private static func name(of key: ContractKey) -> String {
        SHA256.hash(data: key.json.bytes).hexadecimal.prefix(32) + ".schema"
    }

    private static func text(of entry: Entry) -> [UInt8] {
        let schema = entry.bundle.schema
        var members: [(String, JSON)] = [("schema", .string(schema.text))]
        if let id = schema.id { members.append(("id", .number(JSONLiteral(Int(id))))) }
        if let guid = schema.guid { members.append(("guid", .string(guid))) }
        if let subject = schema.subject { members.append(("subject", .string(subject))) }
        if let version = schema.version { members.append(("version", .number(JSONLiteral(version)))) }
        members.append(("schemaType", .string(schema.type)))
        members.append(("references", .array(schema.references.map(\.json))))
        let documents = entry.bundle.documents.sorted { $0.key < $1.key }.map { ($0.key.text, JSON.string($0.value)) }
        let file: JSON = .object([
            ("key", entry.key.json), ("schema", .object(members)), ("documents", .object(documents)),
        ])
        return file.bytes
    }

    private static func entry(_ data: Data) -> Entry? {
        guard let end = data.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let text = [UInt8](data[(end + 1)...])
        guard data[..<end].elementsEqual(SHA256.hash(data: text).hexadecimal.utf8) else { return nil }
        do {
            let json = try JSON(parsing: text)
            guard let key = json["key"].flatMap({ ContractKey($0) }),
                let schema = json["schema"].flatMap({ ServedSchema($0) }), let documents = json["documents"]?.members
            else { return nil }
            let texts = documents.compactMap { name, text in text.string.map { (JSONName(name), $0) } }
            guard texts.count == documents.count else { return nil }
            return Entry(
                key: key,
                bundle: SchemaBundle(schema: schema, documents: Dictionary(texts) { $1 })
            )
        } catch {
            return nil
        }
    }
}
