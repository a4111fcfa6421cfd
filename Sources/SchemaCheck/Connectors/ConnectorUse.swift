/// A connector as far as contracts matter to it.
package struct ConnectorUse: Sendable {
    /// A jq program and where it starts in the file.
    package struct Program: Sendable {
        package let text: String
        /// From 1.
        package let line: Int
        /// From 1, in Unicode scalars.
        package let column: Int

        package init(_ text: String, line: Int, column: Int) {
            self.text = text
            self.line = line
            self.column = column
        }
    }

    /// One entry of `steps:`.
    package enum Step: Sendable {
        case filter(Program)
        case map(Program)
    }

    package let name: String
    /// The path of its file.
    package let file: String
    /// The subject whose newest version its records obey; nil when it names none, or a version.
    package let contract: String?
    /// Whether it names a contract, of any version.
    package let hasContract: Bool
    /// Topics that it reads.
    package let inputs: [String]
    /// A program that gives the key by which records are told apart.
    package let dedupe: Program?
    /// In order.
    package let steps: [Step]
    /// When its routes take a record.
    package let conditions: [Program]
    /// Topics that it writes.
    package let outputs: [String]

    package init(
        name: String,
        file: String,
        contract: String? = nil,
        hasContract: Bool = false,
        inputs: [String] = [],
        dedupe: Program? = nil,
        steps: [Step] = [],
        conditions: [Program] = [],
        outputs: [String] = []
    ) {
        self.name = name
        self.file = file
        self.contract = contract
        self.hasContract = hasContract
        self.inputs = inputs
        self.dedupe = dedupe
        self.steps = steps
        self.conditions = conditions
        self.outputs = outputs
    }
}
