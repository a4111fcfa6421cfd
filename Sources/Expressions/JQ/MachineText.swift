/// The text that libjq compiles for a program: bindings and guards in front of it, all on its first line,
/// so that lines stay what they are and columns of the first line move by a known amount.
struct MachineText {
    enum Mode {
        /// Numbers are doubles; libjq's own functions wherever they are safe.
        case plain
        /// Some numbers stand for others (see `ExactNumbers`); functions that would look inside them are replaced.
        case exact
    }

    /// Values of the input that the program uses, in the order of the input array; none: the input is the payload.
    enum Binding: String, CaseIterable {
        case headers, key, meta
        /// An object from the text of a stand-in to the literal it stands for.
        case tokens = "__busbar_tokens"
    }

    let source: String
    let prefix: String
    let bindings: [Binding]
    /// The program can build values nested deeper than its input and its text.
    let canNest: Bool

    private static let nesting: Set<String> = [
        "def", "reduce", "foreach", "recurse", "while", "until", "repeat", "setpath", "getpath", "fromstream",
    ]

    init(_ source: String, _ analysis: ProgramAnalysis, mode: Mode) {
        self.source = source
        canNest = !Self.nesting.isDisjoint(with: analysis.words)
        bindings = Binding.allCases.filter {
            $0 == .tokens ? mode == .exact : analysis.variables.contains($0.rawValue)
        }
        var text = ""
        for (index, binding) in bindings.enumerated() { text += ".[\(index + 1)] as $\(binding.rawValue) | " }
        text += Prelude.text(for: analysis)
        if mode == .exact { text += ExactPrelude.text(for: analysis) }
        if !bindings.isEmpty { text += ".[0] | " }
        prefix = text
    }

    var text: String { prefix + source }
}
