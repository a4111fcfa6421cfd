internal import Expressions

/// What the programs of a connector read of its records, and what they make of them.
///
/// Templates of sinks (`{issue.title}`), and what a program computes, are not looked into.
struct ConnectorPaths {
    /// A program's read of the record.
    struct Read {
        let path: [ProgramPaths.Step]
        let program: ConnectorUse.Program
        /// Where in the program.
        let line: Int
        let column: Int
    }

    private(set) var reads: [Read] = []
    /// What the payload is at the end.
    private(set) var outputs: [ProgramPaths.Shape] = [.input([])]

    init(_ connector: ConnectorUse) {
        if let key = connector.dedupe { _ = note(key, [.input([])]) }
        for step in connector.steps {
            switch step {
            case .filter(let program): _ = note(program, outputs)
            case .map(let program): outputs = note(program, outputs)
            }
        }
        for condition in connector.conditions { _ = note(condition, outputs) }
    }

    private mutating func note(_ program: ConnectorUse.Program, _ inputs: [ProgramPaths.Shape]) -> [ProgramPaths.Shape]
    {
        let paths = ProgramPaths(program.text, inputs: inputs)
        for read in paths.reads {
            reads.append(Read(path: read.path, program: program, line: read.line, column: read.column))
        }
        return paths.outputs
    }

    /// Places of the payload at the end that the programs write, outermost first.
    var writes: [[ProgramPaths.Step]] {
        var paths: [[ProgramPaths.Step]] = []
        for output in outputs { Self.collect(output, [], into: &paths) }
        var seen: Set<[ProgramPaths.Step]> = []
        return paths.filter { seen.insert($0).inserted }
    }

    /// Of shapes nested deeper than programs write them, the outer parts.
    private static func collect(
        _ shape: ProgramPaths.Shape,
        _ path: [ProgramPaths.Step],
        into paths: inout [[ProgramPaths.Step]]
    ) {
        guard path.count < 32, paths.count < 10_000 else { return }
        switch shape {
        case .object(let members, _):
            for member in members {
                let inner = path + [.member(member.name)]
                paths.append(inner)
                for value in member.values { collect(value, inner, into: &paths) }
            }
        case .array(let elements):
            for element in elements { collect(element, path + [.element], into: &paths) }
        case .input, .other: break
        }
    }
}
