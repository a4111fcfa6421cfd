/// What a program reads of its input and what it makes of it, as far as its text shows.
///
/// Nothing is run. Member names and indexes that a program computes (`.[$name]`, `getpath`, `walk`, …), and functions that
/// it defines itself, are not followed; ``isComplete`` is then false and there may be more than is listed.
package struct ProgramPaths: Sendable {
    /// One step into a value.
    package enum Step: Sendable, Hashable {
        case member(String)
        /// Some element of an array, or some member of an object.
        case element
    }

    /// A place of the input that the program looks at. Of `.a.b` both `a` and `a.b` are read.
    package struct Read: Sendable, Hashable {
        package let path: [Step]
        /// Where in the program, from 1.
        package let line: Int
        /// In Unicode scalars, from 1.
        package let column: Int
    }

    /// What a value is made of.
    package indirect enum Shape: Sendable, Hashable {
        /// The value at a path of the first input, as it is.
        case input([Step])
        /// An object that the program makes. Members that are not listed are those of the input at `rest`; there are none
        /// when it is nil.
        case object([Member], rest: [Step]?)
        case array([Shape])
        /// Anything else, or not known.
        case other
    }

    /// A member of a made object, with what its value may be.
    package struct Member: Sendable, Hashable {
        package let name: String
        package let values: [Shape]
    }

    /// In the order of the program, each place once.
    package let reads: [Read]
    /// What the program may give; empty when it gives nothing.
    package let outputs: [Shape]
    /// Whether everything that the program reads and makes was followed.
    package let isComplete: Bool

    /// - Parameters:
    ///   - source: a program that compiles; of any other the paths are those up to where it cannot be followed.
    ///   - inputs: what the program may be given: the outputs of the one before it, in terms of that one's input.
    package init(_ source: String, inputs: [Shape] = [.input([])]) {
        var walk = PathWalk(source, inputs: inputs)
        outputs = walk.run()
        reads = walk.reads
        isComplete = walk.isComplete
    }
}

extension ProgramPaths.Step {
    /// `.name`, `["two words"]`, `[]`.
    package var text: String {
        switch self {
        case .element: return "[]"
        case .member(let name):
            let isPlain = !name.isEmpty && name.utf8.allSatisfy { PathWalk.isNamePart($0) }
            return isPlain ? "." + name : "[\"\(name)\"]"
        }
    }
}

extension ProgramPaths.Shape {
    var isObject: Bool { if case .object = self { true } else { false } }

    /// The value one step further in, with the path of the first input that this looks at, if it does.
    func step(_ step: ProgramPaths.Step) -> (shapes: [ProgramPaths.Shape], reads: [ProgramPaths.Step]?) {
        switch (self, step) {
        case (.input(let path), _): return ([.input(path + [step])], path + [step])
        case (.object(let members, let rest), .member(let name)):
            if let member = members.last(where: { $0.name == name }) { return (member.values, nil) }
            return rest.map { ([.input($0 + [step])], $0 + [step]) } ?? ([.other], nil)
        case (.object(let members, let rest), .element):
            let rest = rest.map { [ProgramPaths.Shape.input($0 + [step])] } ?? []
            return (members.flatMap(\.values) + rest, nil)
        case (.array(let elements), .element): return (elements, nil)
        case (.array, .member), (.other, _): return ([.other], nil)
        }
    }

    /// The value with another one at `path`, which leads through members only.
    func setting(_ path: ArraySlice<ProgramPaths.Step>, to values: [ProgramPaths.Shape]) -> ProgramPaths.Shape {
        guard let step = path.first, case .member(let name) = step else { return self }
        let inner = self.step(step).shapes
        let rest = path.dropFirst()
        let replaced = rest.isEmpty ? values : inner.map { $0.setting(rest, to: values) }
        let member = ProgramPaths.Member(name: name, values: replaced)
        switch self {
        case .input(let base): return .object([member], rest: base)
        case .object(let members, let base): return .object(members.filter { $0.name != name } + [member], rest: base)
        case .array, .other: return .object([member], rest: nil)
        }
    }

    /// `left + right`: members of the right win; nil where that is no object that is known.
    static func merged(_ left: ProgramPaths.Shape, _ right: ProgramPaths.Shape) -> ProgramPaths.Shape? {
        switch (left, right) {
        case (.object(let first, let rest), .object(let second, nil)):
            let names = Set(second.map(\.name))
            return .object(first.filter { !names.contains($0.name) } + second, rest: rest)
        case (.input(let base), .object(let members, nil)): return .object(members, rest: base)
        case (.array(let first), .array(let second)): return .array(first + second)
        default: return nil
        }
    }
}
