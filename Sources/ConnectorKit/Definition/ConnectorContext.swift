public import Logging

/// What the runtime gives a source or sink when it is made.
public struct ConnectorContext: Sendable {
    /// A jq program, ready to run: the JSON texts that it puts out for a record.
    public typealias Expression = @Sendable (Record) throws -> [[UInt8]]

    /// The connector's name.
    public var connector: String
    /// Carries the connector's name in its metadata.
    public var logger: Logger
    /// For secrets that are read again when they rotate; fields arrive resolved.
    public var secrets: SecretResolver
    /// Where relative paths count from: the working directory, unless the worker was told otherwise.
    public var directory: String
    /// Compiles a jq program once; running it is bounded in time and output.
    public var compile: @Sendable (_ program: String) throws -> Expression

    /// What a runtime or a test gives a connector.
    public init(
        connector: String,
        logger: Logger,
        secrets: SecretResolver,
        directory: String = ".",
        compile: @escaping @Sendable (_ program: String) throws -> Expression
    ) {
        self.connector = connector
        self.logger = logger
        self.secrets = secrets
        self.directory = directory
        self.compile = compile
    }
}
