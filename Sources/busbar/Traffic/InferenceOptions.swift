internal import ArgumentParser
internal import Contracts

/// What an inferred contract says.
struct InferenceOptions: ParsableArguments {
    /// The drafts that are written.
    enum Draft: String, CaseIterable, ExpressibleByArgument {
        case draft7 = "7"
        case draft202012 = "2020-12"
    }

    @Option(help: "Draft of the contract.")
    var draft = Draft.draft7

    @Option(help: "`title` of the contract.")
    var title: String?

    @Option(help: ArgumentHelp("`$id` of the contract.", valueName: "uri"))
    var id: String?

    @Option(
        help: ArgumentHelp(
            "A member of the records whose text says what kind of record it is: each kind gets a schema of its own.",
            valueName: "member"
        )
    )
    var discriminator: String?

    @Flag(help: "Refuse members that no record had.")
    var closed = false

    @Flag(help: "Keep numbers between the least and the greatest that were seen.")
    var bounds = false

    @Flag(inversion: .prefixedNo, help: "Name formats of strings.")
    var formats = true

    @Flag(inversion: .prefixedNo, help: "List the texts where there are few and each came often.")
    var enums = true

    var schema: InferredSchemaOptions {
        var options = InferredSchemaOptions()
        options.draft = draft == .draft7 ? .draft7 : .draft202012
        (options.title, options.id) = (title, id)
        (options.isClosed, options.hasBounds) = (closed, bounds)
        (options.namesFormats, options.namesEnums) = (formats, enums)
        return options
    }
}
