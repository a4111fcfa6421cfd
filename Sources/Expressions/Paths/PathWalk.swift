/// Goes over the tokens of a program with the values that its input may be, by jq 1.6's grammar.
///
/// What the grammar does not have ends the walk; `isComplete` is then false.
struct PathWalk {
    typealias Shape = ProgramPaths.Shape
    typealias Step = ProgramPaths.Step

    /// The walk cannot go on.
    struct Lost: Error {}

    private let text: ProgramText
    private let tokens: [Token]
    private(set) var position = 0
    /// Values of variables; those that are not here are bindings of the record.
    var variables: [String: [Shape]] = [:]
    private(set) var reads: [ProgramPaths.Read] = []
    private var seen: Set<[Step]> = []
    var isComplete = true
    /// The `as` that comes belongs to `reduce` or `foreach` and not to the term before it.
    var isInFold = false
    private var depth = 0
    private let inputs: [Shape]

    /// Expressions within each other; a walk recurses.
    private static let maxDepth = 100
    /// Values that one expression may have; more are not told apart.
    private static let maxShapes = 64
    /// Steps of one path; longer ones go with what they start with.
    private static let maxSteps = 64

    init(_ source: String, inputs: [Shape]) {
        text = ProgramText(source)
        tokens = Lexer.tokens(of: source)
        self.inputs = inputs
    }

    /// What the program may give.
    mutating func run() -> [Shape] {
        do throws(Lost) {
            let outputs = try pipe(inputs)
            if position < tokens.count { isComplete = false }
            return outputs
        } catch {
            isComplete = false
            return [.other]
        }
    }

    // MARK: Tokens

    var next: Token? { position < tokens.count ? tokens[position] : nil }

    func isNext(_ symbol: String, _ kind: Token.Kind = .symbol) -> Bool {
        next.map { $0.kind == kind && $0.text == symbol } ?? false
    }

    mutating func advance() { position += 1 }

    /// Back to a token that has been passed.
    mutating func rewind(to earlier: Int) { position = earlier }

    func token(before position: Int) -> Token { tokens[position - 1] }

    /// Whether the arguments whose bracket is next are more than one.
    var hasSecondArgument: Bool {
        var open = 0
        for token in tokens[position...] where token.kind == .symbol {
            switch token.text {
            case "(", "[", "{", "\\(": open += 1
            case ")", "]", "}": open -= 1
            case ";" where open == 1: return true
            default: break
            }
            if open == 0 { return false }
        }
        return false
    }

    /// Takes the next token if it is this one.
    mutating func take(_ symbol: String, _ kind: Token.Kind = .symbol) -> Bool {
        guard isNext(symbol, kind) else { return false }
        position += 1
        return true
    }

    mutating func expect(_ symbol: String, _ kind: Token.Kind = .symbol) throws(Lost) {
        guard take(symbol, kind) else { throw Lost() }
    }

    mutating func expectWord() throws(Lost) -> String {
        guard let token = next, token.kind == .word else { throw Lost() }
        position += 1
        return token.text
    }

    /// The names of `.a.b.c`, if nothing else stands from `start` to here.
    func members(from start: Int) -> [Step]? {
        let passed = tokens[start..<position]
        guard !passed.isEmpty, passed.allSatisfy({ $0.kind == .field }) else { return nil }
        return passed.map { .member(String($0.text.dropFirst())) }
    }

    /// The text of a string without interpolation, whose token is next.
    mutating func takeString(_ input: [Shape]) throws(Lost) -> String? {
        guard let token = next, token.kind == .string else { throw Lost() }
        position += 1
        let isComputed = isNext("\\(")
        while take("\\(") {
            _ = try pipe(input)
            try expect(")")
        }
        return isComputed ? nil : StringLiteral.value(in: text.bytes, at: token.offset)
    }

    static func isNamePart(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
            || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
    }

    // MARK: Values

    /// The values one step further in; what that looks at is noted at the place of `token`.
    mutating func step(_ step: Step, of shapes: [Shape], at token: Token) -> [Shape] {
        var result: [Shape] = []
        for shape in shapes {
            let (inner, path) = shape.step(step)
            if let path {
                guard path.count <= Self.maxSteps else {
                    isComplete = false
                    result.append(.other)
                    continue
                }
                note(path, at: token)
            }
            result += inner
        }
        return distinct(result)
    }

    private mutating func note(_ path: [Step], at token: Token) {
        guard seen.insert(path).inserted else { return }
        let place = text.location(at: token.offset)
        reads.append(ProgramPaths.Read(path: path, line: place.line, column: place.column ?? 1))
    }

    /// Each value once; more than can be told apart are not.
    mutating func distinct(_ shapes: [Shape]) -> [Shape] {
        guard shapes.count > 1 else { return shapes }
        var known: Set<Shape> = []
        let distinct = shapes.filter { known.insert($0).inserted }
        guard distinct.count > Self.maxShapes else { return distinct }
        isComplete = false
        return [.other]
    }

    /// One level further into the program.
    mutating func nested<R>(_ body: (inout PathWalk) throws(Lost) -> R) throws(Lost) -> R {
        let wasInFold = isInFold
        depth += 1
        isInFold = false
        defer {
            depth -= 1
            isInFold = wasInFold
        }
        guard depth <= Self.maxDepth else { throw Lost() }
        return try body(&self)
    }

    /// Variables that `body` binds are unbound after it.
    mutating func scoped<R>(_ body: (inout PathWalk) throws(Lost) -> R) throws(Lost) -> R {
        let outer = variables
        defer { variables = outer }
        return try body(&self)
    }
}
