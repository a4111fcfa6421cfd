/// What the linter may ask of the world around a connector file.
///
/// Everything is a closure, so that lint runs offline, in editors and in tests alike; contracts and expressions live in
/// modules that know nothing of connector files.
package struct LintEnvironment: Sendable {
    /// Why something that a connector names is no good: what is wrong, and what to do.
    package struct Problem: Sendable, Hashable {
        /// What is wrong, with the value.
        package var message: String
        /// What to do, as a sentence.
        package var fix: String

        /// A problem; neither text may hold a secret.
        package init(_ message: String, fix: String) {
            self.message = message
            self.fix = fix
        }
    }

    /// Whether a file exists; relative paths count from the working directory.
    package var fileExists: @Sendable (_ path: String) -> Bool
    /// Whether a contract exists; `nil` closure: not checked.
    package var contract: (@Sendable (SubjectReference) -> Problem?)?
    /// Whether a jq program compiles; `nil` closure: not checked.
    package var compile: (@Sendable (_ program: String) -> Problem?)?
    /// Whether references have values (`--check-references`); `nil`: only their syntax is checked.
    package var resolver: SecretResolver?

    /// Only `fileExists` is required: an editor has nothing else to ask.
    package init(
        fileExists: @escaping @Sendable (_ path: String) -> Bool,
        contract: (@Sendable (SubjectReference) -> Problem?)? = nil,
        compile: (@Sendable (_ program: String) -> Problem?)? = nil,
        resolver: SecretResolver? = nil
    ) {
        self.fileExists = fileExists
        self.contract = contract
        self.compile = compile
        self.resolver = resolver
    }

    /// Where `path` is: beside `file`, else in the working directory; `nil` when in neither.
    package func locate(_ path: String, besides file: String) -> String? {
        var candidates = [path]
        if !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") {
            candidates.insert(String(file[...slash]) + path, at: 0)
        }
        return candidates.first(where: fileExists)
    }
}
