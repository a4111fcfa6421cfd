internal import ArgumentParser
internal import Contracts

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

            Exit codes: 0 all valid, 2 an instance is invalid, 64 usage, 78 the contract cannot be used.
            """
    )

    @Option(help: ArgumentHelp("The contract's file, in place of SUBJECT[@vN].", valueName: "file"))
    var schema: String?

    @Option(help: "Folder of the contracts.")
    var schemas = "schemas"

    @Flag(help: "Print verdicts as JSON.")
    var json = false

    @Argument(
        help: ArgumentHelp(
            "SUBJECT[@vN], unless --schema is given; then files, - is standard input.",
            valueName: "subject-or-file"
        )
    )
    var arguments: [String] = []

    func validate() throws {
        if schema == nil, arguments.isEmpty { throw ValidationError("name a contract: SUBJECT[@vN], or --schema FILE") }
    }

    func run() async throws {
        try await reportingFailures {
            let files = Array(arguments.dropFirst(schema == nil ? 1 : 0))
            let contract = try ContractSource(file: schema, subject: arguments.first, schemas: schemas).contract()
            let view = VerdictView(isJSON: json, style: Style())
            let validation = InstanceValidation(contract, view: view)
            for file in files.isEmpty ? ["-"] : files { try await validation.run(file) }
            if !json { Output.note(validation.summary) }
            if validation.invalid > 0 { throw ExitCode.found }
        }
    }
}
