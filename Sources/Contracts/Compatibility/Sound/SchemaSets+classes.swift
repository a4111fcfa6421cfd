/// The sets of two documents, with references united that lead to schemas of one meaning.
struct ComparedSets {
    var builder: SetBuilder
    /// Nodes of the two roots.
    let old: Int
    let new: Int

    /// Schemas that may be read in all; the rounds below read each several times.
    static let maxReadings = 1_000_000

    /// Finds the coarsest classes of definitions whose texts are equal, references read as references to classes:
    /// starts with one class for all and parts them until nothing changes (the greatest fixpoint).
    /// - Throws: that a reference cannot be followed, which ``Contract`` would have refused.
    init(old: ComparedSchema, new: ComparedSchema) throws(ContractError) {
        let documents = [try ComparedDocument(old), try ComparedDocument(new)]
        var builder = SetBuilder(documents)
        var nodes = try Self.read(&builder)
        var readings = builder.count
        var classes = Self.classes(builder.definitions, nodes)
        var size = -1
        while Set(classes.values).count != size {
            size = Set(classes.values).count
            if readings > Self.maxReadings {
                // Not yet stable: then nothing is known to be equal.
                for (number, definition) in builder.definitions.enumerated() { classes[definition] = number }
                size = builder.definitions.count
            }
            builder = SetBuilder(builder.documents, classOf: classes)
            nodes = try Self.read(&builder)
            readings += builder.count
            if readings <= Self.maxReadings { classes = Self.classes(builder.definitions, nodes) }
        }
        let count = (classes.values.max() ?? -1) + 1
        builder.sets.classes = [Int](repeating: builder.sets.everything, count: count)
        for (definition, node) in zip(builder.definitions, nodes.definitions) {
            if let number = builder.classOf[definition] { builder.sets.classes[number] = node }
        }
        self.builder = builder
        (self.old, self.new) = (nodes.old, nodes.new)
    }

    private struct Nodes {
        var old: Int
        var new: Int
        /// In the order of the builder's definitions.
        var definitions: [Int] = []
    }

    /// Reads both roots and everything that references lead to.
    private static func read(_ builder: inout SetBuilder) throws(ContractError) -> Nodes {
        let roots = builder.documents.map(\.root)
        var nodes = Nodes(
            old: try builder.node(of: SetBuilder.Definition(side: 0, entry: roots[0])),
            new: try builder.node(of: SetBuilder.Definition(side: 1, entry: roots[1]))
        )
        while nodes.definitions.count < builder.definitions.count {
            nodes.definitions.append(try builder.node(of: builder.definitions[nodes.definitions.count]))
        }
        return nodes
    }

    private static func classes(_ definitions: [SetBuilder.Definition], _ nodes: Nodes) -> [SetBuilder.Definition: Int]
    {
        var numbers: [Int: Int] = [:]
        var classes: [SetBuilder.Definition: Int] = [:]
        for (definition, node) in zip(definitions, nodes.definitions) {
            let number = numbers[node] ?? numbers.count
            numbers[node] = number
            classes[definition] = number
        }
        return classes
    }
}
