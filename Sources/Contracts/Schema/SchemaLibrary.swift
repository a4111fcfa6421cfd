internal import Foundation
import JSON

/// All schemas that take part in one compilation: which document each is in, what it is called, how it is read.
///
/// An entry is one schema object or Boolean at one place of one document. Documents are read when a reference
/// asks for them.
struct SchemaLibrary {
    struct Entry {
        let json: JSON
        /// Index into `documents`.
        let document: Int
        /// Place in the document.
        let pointer: String
        /// What relative references here are resolved against.
        let base: SchemaURI
        /// Entry at the root of the schema resource that this one belongs to; itself when it is that root.
        let resource: Int
        let dialect: Dialect
    }

    struct Place: Hashable {
        let document: Int
        let pointer: String

        // Byte by byte: to `String`, names that are canonically equivalent would be one.
        static func == (left: Place, right: Place) -> Bool {
            guard left.document == right.document else { return false }
            var (one, other) = (left.pointer, right.pointer)
            return one.withUTF8 { one in
                other.withUTF8 { other in
                    guard one.count == other.count else { return false }
                    guard let first = one.baseAddress, let second = other.baseAddress else { return true }
                    return unsafe memcmp(first, second, one.count) == 0
                }
            }
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(document)
            var pointer = pointer
            pointer.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }

    /// Subschemas and documents of one contract; more is an error.
    static let maxEntries = 200_000
    static let maxDocuments = 1_000
    /// Bytes of all pointers and names. Each is as long as all the names above it, so that a schema of 5 MB could
    /// have gigabytes of them; those of real contracts have some 100 bytes a subschema.
    static let maxNameBytes = 128 << 20
    /// Bytes of the URI of a schema resource, which each reference inside is resolved against.
    static let maxURIBytes = 2_048
    /// What a URI counts for among the names: it is taken apart and put together again for each of its uses.
    static let uriWeight = 8

    private(set) var entries: [Entry] = []
    /// URI of each document; the first is the contract itself.
    private(set) var documents: [String] = []
    private(set) var places: [Place: Int] = [:]
    private(set) var anchors: [JSONName: Int] = [:]
    /// Entries by the name of their dynamic anchor; `recursiveAnchor` for `$recursiveAnchor`.
    private(set) var dynamicAnchors: [JSONName: [Int]] = [:]
    private var resources: [JSONName: Int] = [:]
    private var openMetaschemas: Set<JSONName> = []
    /// Dialects by the URI of their metaschema.
    private var dialects: [JSONName: Dialect] = [:]
    private var nameBytes = 0
    let resolver: SchemaResolver
    let defaultDraft: SchemaDraft

    /// No anchor can have this name: `$` may not start one.
    static let recursiveAnchor = "$recursive"

    init(resolver: SchemaResolver, defaultDraft: SchemaDraft) {
        self.resolver = resolver
        self.defaultDraft = defaultDraft
    }

    /// Adds a document under the URI it was found by.
    /// - Returns: The entry of its root.
    mutating func add(_ json: JSON, uri: String) throws(ContractError) -> Int {
        guard documents.count < Self.maxDocuments else {
            throw ContractError(.tooLarge, "the contract draws in more than \(Self.maxDocuments) documents")
        }
        let json = json.withoutRepeatedNames
        let root = entries.count
        documents.append(uri)
        resources[JSONName(uri)] = root
        try index(
            Entry(
                json: json,
                document: documents.count - 1,
                pointer: "",
                base: SchemaURI(uri),
                resource: root,
                dialect: try dialect(of: json, otherwise: Dialect(draft: defaultDraft), pointer: "")
            )
        )
        return root
    }

    /// The entry of a document or embedded resource, read if it is not yet known.
    mutating func load(_ uri: String, referredFrom pointer: String?) throws(ContractError) -> Int {
        if let known = resources[JSONName(uri)] { return known }
        guard let json = try read(uri, referredFrom: pointer) else {
            throw ContractError(
                .unresolvedReference,
                "no schema '\(uri)' is known; references are not fetched, so it must be \(resolver.advice(uri))",
                pointer: pointer
            )
        }
        return try add(json, uri: uri)
    }

    /// The document of a URI, nil when nobody knows it.
    private func read(_ uri: String, referredFrom pointer: String?) throws(ContractError) -> JSON? {
        do {
            if let text = Metaschema.text(of: uri) { return try JSON(parsing: text) }
            return try resolver.document(uri).map { try JSON(parsing: $0) }
        } catch {
            // What is said of a file of its own keeps its kind.
            let own = error as? ContractError
            throw ContractError(
                own?.code ?? .unresolvedReference,
                "the schema '\(uri)' that is referred to cannot be read: "
                    + (own.map { ($0.file.map { "\($0): " } ?? "") + $0.message } ?? "\(error)"),
                pointer: pointer
            )
        }
    }

    // MARK: Indexing

    /// Registers a schema and everything below it that its keywords make a schema.
    mutating func index(_ first: Entry) throws(ContractError) {
        var work = [first]
        while let next = work.popLast() {
            guard entries.count < Self.maxEntries else {
                throw ContractError(.tooLarge, "the contract has more than \(Self.maxEntries) subschemas")
            }
            let entry = try register(next)
            try collectChildren(of: entry, into: &work)
        }
    }

    /// Counts names before they are made.
    mutating func reserveNames(_ count: Int, ofBytes length: Int, at pointer: String) throws(ContractError) {
        nameBytes += count * length
        guard nameBytes <= Self.maxNameBytes else {
            throw ContractError(
                .tooLarge,
                "the paths to the contract's subschemas have more than \(Self.maxNameBytes >> 20) MiB in all; "
                    + "shorten member names or nest less",
                pointer: String(pointer.prefix(200))
            )
        }
    }

    /// Gives a schema its index and files its names.
    private mutating func register(_ found: Entry) throws(ContractError) -> Entry {
        let number = entries.count
        var dialect = found.dialect
        var base = found.base
        var resource = found.resource
        let isReference = found.json["$ref"]?.string != nil
        if !(isReference && dialect.referenceStandsAlone), let id = identifier(of: found.json, &dialect) {
            if found.json["$schema"] != nil, !found.pointer.isEmpty {
                dialect = try self.dialect(of: found.json, otherwise: dialect, pointer: found.pointer)
            }
            let uri = SchemaURI(id).resolved(against: base)
            let length = uri.withoutFragment.utf8.count
            guard length <= Self.maxURIBytes else {
                throw ContractError(
                    .tooLarge,
                    "the URI that \(dialect.idKeyword) gives has \(length) bytes, more than \(Self.maxURIBytes)",
                    pointer: found.pointer
                )
            }
            try reserveNames(Self.uriWeight, ofBytes: length, at: found.pointer)
            let isAnchorOnly = dialect.referenceStandsAlone && id.hasPrefix("#") && id.utf8.count > 1
            if !isAnchorOnly {
                base = SchemaURI(uri.withoutFragment)
                resource = number
                resources[JSONName(base.withoutFragment)] = number
            }
            if let name = uri.fragment, !name.isEmpty { anchors[JSONName(base.withoutFragment + "#" + name)] = number }
        }
        let entry = Entry(
            json: found.json,
            document: found.document,
            pointer: found.pointer,
            base: base,
            resource: resource,
            dialect: dialect
        )
        entries.append(entry)
        places[Place(document: entry.document, pointer: entry.pointer)] = number
        try registerAnchors(of: entry, number)
        return entry
    }

    /// An embedded resource may name another draft, which then says which keyword its name is under.
    private func identifier(of json: JSON, _ dialect: inout Dialect) -> String? {
        if let id = json[dialect.idKeyword]?.string { return id }
        guard let uri = json["$schema"]?.string, let draft = SchemaDraft(metaschemaURI: uri) else { return nil }
        let other = Dialect(draft: draft)
        guard let id = json[other.idKeyword]?.string else { return nil }
        dialect = other
        return id
    }

    private mutating func registerAnchors(of entry: Entry, _ number: Int) throws(ContractError) {
        guard
            entry.json["$anchor"] != nil || entry.json["$dynamicAnchor"] != nil || entry.json["$recursiveAnchor"] != nil
        else { return }
        let name = entry.base.withoutFragment
        try reserveNames(2, ofBytes: name.utf8.count, at: entry.pointer)
        if entry.dialect.draft >= .draft201909, let anchor = entry.json["$anchor"]?.string {
            anchors[JSONName(name + "#" + anchor)] = number
        }
        if entry.dialect.draft == .draft202012, let anchor = entry.json["$dynamicAnchor"]?.string {
            anchors[JSONName(name + "#" + anchor)] = number
            dynamicAnchors[JSONName(anchor), default: []].append(number)
        }
        if entry.dialect.draft == .draft201909, entry.json["$recursiveAnchor"]?.boolValue == true {
            dynamicAnchors[JSONName(Self.recursiveAnchor), default: []].append(number)
        }
    }

    private mutating func collectChildren(of entry: Entry, into work: inout [Entry]) throws(ContractError) {
        guard let members = entry.json.members else { return }
        for (keyword, value) in members {
            guard let shape = entry.dialect.shape(of: keyword) else { continue }
            let pointer = appending(keyword, to: entry.pointer)
            let count = value.members?.count ?? value.elements?.count ?? 1
            try reserveNames(count + 1, ofBytes: pointer.utf8.count, at: entry.pointer)
            switch (shape, value) {
            case (.list, .array(let elements)), (.schemaOrList, .array(let elements)):
                for (index, element) in elements.enumerated() {
                    work.append(child(element, of: entry, appending(String(index), to: pointer)))
                }
            case (.map, .object(let members)), (.mapOfSchemasOrLists, .object(let members)):
                for (name, member) in members where member.isSchema {
                    work.append(child(member, of: entry, appending(name, to: pointer)))
                }
            case (.schema, _), (.schemaOrList, _):
                if value.isSchema { work.append(child(value, of: entry, pointer)) }
            default: break
            }
        }
    }

    private func child(_ json: JSON, of parent: Entry, _ pointer: String) -> Entry {
        Entry(
            json: json,
            document: parent.document,
            pointer: pointer,
            base: parent.base,
            resource: parent.resource,
            dialect: parent.dialect
        )
    }
}

extension SchemaLibrary {
    /// The dialect that `$schema` asks for, the other one when there is no `$schema`.
    private mutating func dialect(of json: JSON, otherwise: Dialect, pointer: String) throws(ContractError) -> Dialect {
        guard let text = json["$schema"]?.string else { return otherwise }
        if let draft = SchemaDraft(metaschemaURI: text) { return Dialect(draft: draft) }
        let uri = SchemaURI(text).withoutFragment
        let name = JSONName(uri)
        if let known = dialects[name] { return known }
        guard openMetaschemas.insert(name).inserted else {
            throw ContractError(
                .unknownDialect,
                "the metaschema '\(text)' is written in itself; it must be written in a published draft",
                pointer: pointer + "/$schema"
            )
        }
        defer { openMetaschemas.remove(name) }
        guard let metaschema = try read(uri, referredFrom: pointer + "/$schema") else {
            throw ContractError(
                .unknownDialect,
                "$schema is '\(text)', which is no known draft; use one of "
                    + SchemaDraft.allCases.map(\.metaschemaURI).joined(separator: ", "),
                pointer: pointer + "/$schema"
            )
        }
        var dialect = try self.dialect(of: metaschema, otherwise: Dialect(draft: .draft202012), pointer: pointer)
        if let vocabularies = metaschema["$vocabulary"]?.members {
            dialect.vocabularies = try Self.vocabularies(vocabularies, pointer: pointer)
        }
        dialects[name] = dialect
        return dialect
    }

    private static func vocabularies(
        _ members: [(String, JSON)],
        pointer: String
    ) throws(ContractError) -> Dialect.Vocabularies {
        var vocabularies: Dialect.Vocabularies = []
        for (uri, isRequired) in members {
            let isKnown = uri.hasPrefix("https://json-schema.org/draft/20")
            switch uri.split(separator: "/").last {
            case "applicator" where isKnown: vocabularies.insert(.applicator)
            case "unevaluated" where isKnown: vocabularies.insert(.unevaluated)
            case "validation" where isKnown: vocabularies.insert(.validation)
            // Asserted also where the metaschema says false: that only lets others ignore the vocabulary.
            case "format-assertion" where isKnown: vocabularies.insert(.formatAssertion)
            default:
                guard isKnown || isRequired.boolValue != true else {
                    throw ContractError(
                        .unknownVocabulary,
                        "the metaschema requires the vocabulary '\(uri)', which is not known here",
                        pointer: pointer + "/$schema"
                    )
                }
            }
            // In 2019-09 these two keywords belong to the applicator vocabulary.
            if uri.hasSuffix("2019-09/vocab/applicator") { vocabularies.insert(.unevaluated) }
        }
        return vocabularies
    }
}

extension JSON {
    /// Whether the value can be a schema: an object, or a Boolean (everywhere, though draft-04 knows it in places).
    var isSchema: Bool { kind == .object || kind == .boolean }
}

/// Appends one escaped step to a JSON Pointer in text form.
func appending(_ token: String, to pointer: String) -> String {
    var text = pointer
    JSONPointer.append(token, to: &text)
    return text
}
