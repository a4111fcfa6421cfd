internal import ArgumentParser
internal import Contracts
internal import JSON

/// `busbar schema validate`: do these documents obey a contract?
struct SchemaValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Holds JSON documents against a contract.",
        discussion: """
            Example: busbar schema validate --schema order.schema.json --json - < orders.ndjson

            A file that ends in .json is one instance; any other, and standard input, holds one a line. With --json, each \
            instance is a line: {"index":0, "valid":false, "errors":[{"instance":"/a/0", \
            "keyword":"/properties/a/items/type", "message":"…"}]}.

            With --output, each instance is a line of JSON as JSON Schema 2020-12 core, section 12, describes it: flag is \
            the verdict, basic a list of errors, detailed a tree of them, verbose a tree of all that was looked at. Of \
            a valid instance they list annotations.

            A member name that an object has twice counts by its last value, as in most parsers; with \
            --reject-duplicate-keys it is an error, in the contract and in instances, that says where both are.

            Exit codes: 0 all valid, 2 an instance is invalid, 64 usage, 78 the contract cannot be used.
            """
    )

    @Option(help: ArgumentHelp("The contract's file, in place of SUBJECT[@vN].", valueName: "file"))
    var schema: String?

    @Option(help: "Folder of the contracts.")
    var schemas = "schemas"

    @Flag(help: "Print verdicts as JSON.")
    var json = false

    @Option(help: "Print JSON Schema's own output: flag, basic, detailed or verbose.")
    var output: OutputFormat?

    @Flag(help: "Refuse strings that do not have the format that the contract names.")
    var assertFormats = false

    @Flag(help: "Refuse objects that have a member name twice.")
    var rejectDuplicateKeys = false

    @Argument(
        help: ArgumentHelp(
            "SUBJECT[@vN], unless --schema is given; then files, - is standard input.",
            valueName: "subject-or-file"
        )
    )
    var arguments: [String] = []

    func validate() throws {
        if json, output != nil { throw ValidationError("--json and --output are two forms of the same: give one") }
        if schema == nil, arguments.isEmpty { throw ValidationError("name a contract: SUBJECT[@vN], or --schema FILE") }
    }

    func run() async throws {
        try await reportingFailures {
            let files = Array(arguments.dropFirst(schema == nil ? 1 : 0))
            let view = VerdictView(isJSON: json, output: output, style: Style())
            let limits = JSONLimits(rejectsDuplicateKeys: rejectDuplicateKeys)
            let validation = try InstanceValidation(try contract(), view: view, limits: limits)
            for file in files.isEmpty ? ["-"] : files { try await validation.run(file) }
            if !json, output == nil { Output.note(validation.summary) }
            if validation.invalid > 0 { throw ExitCode.found }
        }
    }

    private func contract() throws -> Contract {
        try ContractSource(
            file: schema,
            subject: arguments.first,
            schemas: schemas,
            formats: assertFormats ? .assertion : .annotation,
            rejectsDuplicateKeys: rejectDuplicateKeys
        ).contract()
    }
}

extension OutputFormat: ExpressibleByArgument {}
