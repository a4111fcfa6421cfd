/// Where `${…}` references get their values, at start and again when they rotate.
///
/// | reference | value |
/// |---|---|
/// | `${env:NAME}` | the environment variable |
/// | `${file:PATH}` | the text of the file, without its last line break |
/// | `${secret:NAME}` | the file NAME in ``directory``; without it the environment variable ``variable(forSecret:)`` |
public struct SecretResolver: Sendable {
    /// The value of an environment variable; `nil` when it is not set.
    public var environment: @Sendable (_ name: String) -> String?
    /// The text of a file; `nil` when there is none.
    /// - Throws: anything, when the file cannot be read; the cause is shown, so it must not hold the content.
    public var file: @Sendable (_ path: String) throws -> String?
    /// The folder with one file per secret; `nil` when secrets come from the environment only.
    public var directory: String?

    /// A resolver over any environment and files: those of the process, or a test's.
    public init(
        environment: @escaping @Sendable (_ name: String) -> String?,
        file: @escaping @Sendable (_ path: String) throws -> String?,
        directory: String? = nil
    ) {
        self.environment = environment
        self.file = file
        self.directory = directory
    }

    /// `BUSBAR_SECRET_TICKETS_TOKEN` for `tickets-token`.
    public static func variable(forSecret name: String) -> String {
        "BUSBAR_SECRET_" + String(name.uppercased().map { $0 == "-" || $0 == "." ? "_" : $0 })
    }

    /// Why a reference has no value: what is wrong, and what to set.
    package struct Failure: Error, Hashable {
        /// The reference and what is missing, never a value.
        package var message: String
        /// What to set or create.
        package var fix: String
    }

    /// The text of `template` with every reference replaced by its value of now.
    package func resolve(_ template: TextTemplate) throws(Failure) -> String {
        var text = ""
        for part in template.parts {
            switch part {
            case .literal(let literal): text += literal
            case .reference(let reference): text += try value(of: reference)
            }
        }
        return text
    }

    private func value(of reference: TextTemplate.Reference) throws(Failure) -> String {
        switch reference.kind {
        case .env:
            if let value = environment(reference.name) { return value }
            throw Failure(
                message: "`\(reference)`: the environment variable is not set",
                fix: "Set `\(reference.name)` in the worker's environment."
            )
        case .file:
            if let text = try read(reference.name, for: reference) { return text }
            throw Failure(message: "`\(reference)`: there is no such file", fix: "Create `\(reference.name)`.")
        case .secret: return try secret(reference)
        }
    }

    private func secret(_ reference: TextTemplate.Reference) throws(Failure) -> String {
        let path = directory.map { "\($0)/\(reference.name)" }
        if let path, let text = try read(path, for: reference) { return text }
        let variable = Self.variable(forSecret: reference.name)
        if let value = environment(variable) { return value }
        let place = path.map { "the file `\($0)` or " } ?? ""
        throw Failure(
            message: "`\(reference)`: there is no such secret",
            fix: "Create \(place)the environment variable `\(variable)`."
        )
    }

    private func read(_ path: String, for reference: TextTemplate.Reference) throws(Failure) -> String? {
        let text: String?
        do {
            text = try file(path)
        } catch {
            throw Failure(
                message: "`\(reference)`: `\(path)` cannot be read: \(error)",
                fix: "Let the worker's user read the file."
            )
        }
        guard var text else { return nil }
        if text.hasSuffix("\r\n") || text.hasSuffix("\n") { text.removeLast() }
        return text
    }
}

/// A secret that is read again each time it is asked for, so that a rotated one is seen without a restart.
public struct SecretSource: Sendable {
    let template: TextTemplate
    let resolver: SecretResolver
    let location: ConfigLocation

    /// The value of now. Reads a file or the environment: not for hot paths.
    /// - Throws: ``ConfigurationError`` with ``DiagnosticCode/unresolvedReference`` when the secret is gone.
    public func current() throws -> SecretString {
        do {
            return SecretString(try resolver.resolve(template))
        } catch {
            throw ConfigurationError(.unresolvedReference, at: location, error.message, fix: error.fix)
        }
    }
}
