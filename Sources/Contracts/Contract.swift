package import JSON

/// A JSON Schema, compiled: what the payloads of a topic promise to be.
///
/// Drafts 4, 6, 7, 2019-09 and 2020-12, by `$schema`; without one it is draft-07. `format` asserts on request only,
/// `content*` never. Patterns are ECMA-262 with the `u` flag, matched by PCRE2 within bounds.
/// Numbers are compared by exact decimal value. Free to copy; may be used by any number of threads at once.
package struct Contract: Sendable {
    /// The subject it was read for, nil for a schema from elsewhere.
    package let subject: SchemaSubject?
    /// The version of the subject, from 1.
    package let version: Int?
    private let program: Program
    /// What it was compiled from, nil for the published metaschemas.
    let source: ContractText?

    /// Draft of a schema that does not say.
    package static let defaultDraft = SchemaDraft.draft7

    /// Compiles a schema.
    /// - Parameters:
    ///   - bytes: The document.
    ///   - subject: What it is the contract of.
    ///   - version: The version of the subject.
    ///   - uri: Where the document came from: what relative references are resolved against unless it has an `$id`.
    ///   - resolver: Serves the documents that it refers to; published metaschemas need none.
    ///   - formats: What `format` does.
    ///   - rejectsDuplicateKeys: Whether a member name that the schema has twice in one object is an error; else the
    ///     last one counts.
    /// - Throws: that it is not JSON, breaks the metaschema of its draft, refers to what is not there or to itself
    ///   without end, or has a pattern that cannot be used; with pointer, line and column.
    package init(
        compiling bytes: [UInt8],
        subject: SchemaSubject? = nil,
        version: Int? = nil,
        uri: String = "",
        resolver: SchemaResolver = .none,
        formats: FormatHandling = .annotation,
        rejectsDuplicateKeys: Bool = false
    ) throws(ContractError) {
        self.subject = subject
        self.version = version
        source = ContractText(bytes: bytes, uri: uri, resolver: resolver, formats: formats)
        let document: JSONDocument
        do {
            document = try JSONDocument(bytes, limits: JSONLimits(rejectsDuplicateKeys: rejectsDuplicateKeys))
        } catch {
            throw ContractError(.invalidJSON, error.message, line: error.line, column: error.column)
        }
        do throws(ContractError) {
            program = try document.withRoot { root throws(ContractError) in
                try Self.compile(root, uri: uri, resolver: resolver, formats)
            }
        } catch {
            throw error.located(in: document, bytes)
        }
    }

    /// Compiles a schema that is there as a value.
    package init(
        compiling json: JSON,
        subject: SchemaSubject? = nil,
        version: Int? = nil,
        uri: String = "",
        resolver: SchemaResolver = .none,
        formats: FormatHandling = .annotation,
        rejectsDuplicateKeys: Bool = false
    ) throws(ContractError) {
        try self.init(
            compiling: json.bytes,
            subject: subject,
            version: version,
            uri: uri,
            resolver: resolver,
            formats: formats,
            rejectsDuplicateKeys: rejectsDuplicateKeys
        )
    }

    init(program: Program) {
        subject = nil
        version = nil
        source = nil
        self.program = program
    }

    private static func compile(
        _ root: JSONValue,
        uri: String,
        resolver: SchemaResolver,
        _ formats: FormatHandling
    ) throws(ContractError) -> Program {
        let draft = root["$schema"]?.string.map { SchemaDraft(metaschemaURI: $0) } ?? defaultDraft
        if let draft { try check(root, against: draft) }
        let json: JSON
        do {
            json = try JSON(root)
        } catch {
            throw ContractError(.tooLarge, error.message)
        }
        guard json.isSchema else {
            throw ContractError(.invalidSchema, "a schema must be an object or a Boolean", pointer: "")
        }
        var library = SchemaLibrary(resolver: resolver, defaultDraft: draft ?? defaultDraft)
        let entry = try library.add(json, uri: SchemaURI(uri).withoutFragment)
        return try ContractCompiler.compile(entry, in: library, formats: formats)
    }

    private static func check(_ root: JSONValue, against draft: SchemaDraft) throws(ContractError) {
        // Drafts 4 has no Boolean schemas, but busbar takes them everywhere.
        if root.boolValue != nil { return }
        let metaschema = try Metaschema.contract(of: draft)
        guard let violation = metaschema.validate(root, using: ValidationScratch()) else { return }
        let message = violation.message.replacing("the contract", with: "JSON Schema \(draft.rawValue)")
        throw ContractError(.invalidSchema, "this is no schema: \(message)", pointer: violation.instance)
    }

    // MARK: Validation

    /// Whether an instance obeys the contract. Allocates nothing once `scratch` has grown.
    package func isValid(_ value: JSONValue, using scratch: ValidationScratch) -> Bool {
        // The run holds no reference to either.
        defer {
            extendLifetime(program)
            extendLifetime(scratch)
        }
        var validation = Validation(program, scratch)
        return validation.run(on: value)
    }

    /// Checks an instance, stopping at the first fault; nil means that it obeys the contract.
    ///
    /// Allocates nothing for an instance that obeys, once `scratch` has grown.
    package func validate(_ value: JSONValue, using scratch: ValidationScratch) -> Violation? {
        if isValid(value, using: scratch) { return nil }
        // The fast run says whether, this one why; an abort by steps may not repeat, the verdict stands all the same.
        return violations(of: value, limit: 1, using: scratch).first
            ?? Violation(instance: "", keyword: "", message: "the document does not obey the contract")
    }

    /// All faults of an instance in the order of the schema's checks, at most `limit`; empty when it obeys.
    package func violations(
        of value: JSONValue,
        limit: Int = 50,
        using scratch: ValidationScratch = ValidationScratch()
    ) -> [Violation] {
        defer {
            extendLifetime(program)
            extendLifetime(scratch)
        }
        let collector = ViolationCollector(limit: max(1, limit))
        var validation = Validation(program, scratch, collector: collector)
        let isValid = validation.run(on: value)
        if isValid || !collector.violations.isEmpty { return isValid ? [] : collector.violations }
        return [validation.givenUp]
    }
}

extension Validation {
    /// What to say when a run ended without any violation that could be reported.
    var givenUp: Violation {
        abort.map { abortion($0, at: program.root) }
            ?? Violation(instance: "", keyword: "", message: "the document does not obey the contract")
    }
}

extension ContractError {
    /// The same error with the line and column of its pointer, where that is a place of the document.
    func located(in document: JSONDocument, _ bytes: [UInt8]) -> ContractError {
        guard line == nil, let pointer, let offset = Self.offset(of: pointer, in: document) else { return self }
        var placed = self
        let before = bytes.prefix(offset)
        placed.line = 1 + before.count { $0 == UInt8(ascii: "\n") }
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        placed.column = 1 + before[lineStart...].count { $0 & 0xC0 != 0x80 }
        return placed
    }

    private static func offset(of pointer: String, in document: JSONDocument) -> Int? {
        guard case .success(let path) = Result(catching: { () throws(JSONError) in try JSONPointer(pointer) }) else {
            return nil
        }
        return document.withRoot { $0[pointer: path]?.byteOffset }
    }
}
