/// Where `${…}` references get their values, at start and again when they rotate.
public struct SecretResolver: Sendable {
    /// The value of an environment variable; `nil` when it is not set.
    public var environment: @Sendable (_ name: String) -> String?
    /// The text of a file.
    /// - Throws: anything, when the file cannot be read; the cause is shown, so it must not hold the content.
    public var file: @Sendable (_ path: String) throws -> String
    /// The folder with one file per secret; `nil` when secrets come from the environment only.
    public var directory: String?

    public init(
        environment: @escaping @Sendable (_ name: String) -> String?,
        file: @escaping @Sendable (_ path: String) throws -> String,
        directory: String? = nil
    ) {
        self.environment = environment
        self.file = file
        self.directory = directory
    }
}
