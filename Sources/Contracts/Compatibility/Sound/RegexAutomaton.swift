/// A pattern as an automaton that reads a text and says whether the pattern is found in it.
///
/// Sets of states of a non-deterministic automaton are numbered as they are met; number 0 is the beginning of the text.
final class RegexAutomaton {
    private enum Condition {
        case always, atStart, atEnd
    }

    private var jumps: [[(target: Int, condition: Condition)]] = []
    private var moves: [(ranges: [ClosedRange<UInt32>], target: Int)?] = []
    private var first = 0
    private var accepting = 0
    private var numbers: [[Int]: Int] = [:]
    private var members: [[Int]] = []
    private var steps: [[Int: Int]] = []
    private var verdicts: [Bool] = []

    private static let maxStates = 3_000

    /// All ranges of characters that the automaton tells apart.
    var ranges: [ClosedRange<UInt32>] { moves.flatMap { $0?.ranges ?? [] } }

    /// - Returns: nil for a pattern whose repetitions make it too large.
    init?(_ syntax: RegexSyntax) {
        // A pattern is searched: anything may come before and after it.
        let start = state(), end = state()
        moves[start] = (RegexSyntax.anything, start)
        moves[end] = (RegexSyntax.anything, end)
        guard let entry = build(syntax, before: end) else { return nil }
        jumps[start].append((entry, .always))
        (first, accepting) = (start, end)
        let beginning = closure([start], atStart: true, atEnd: false)
        members.append(beginning)
        steps.append([:])
        verdicts.append(closure(beginning, atStart: true, atEnd: true).contains(accepting))
    }

    private func state() -> Int {
        jumps.append([])
        moves.append(nil)
        return moves.count - 1
    }

    /// Adds the states that match a part and go on with `next`.
    private func build(_ syntax: RegexSyntax, before next: Int) -> Int? {
        guard moves.count < Self.maxStates else { return nil }
        switch syntax {
        case .characters(let ranges):
            let new = state()
            moves[new] = (ranges, next)
            return new
        case .sequence(let parts):
            var entry: Int? = next
            for part in parts.reversed() { entry = entry.flatMap { build(part, before: $0) } }
            return entry
        case .choice(let branches):
            let new = state()
            for branch in branches {
                guard let entry = build(branch, before: next) else { return nil }
                jumps[new].append((entry, .always))
            }
            return new
        case .repeated(let part, let least, let most): return build(part, least, most, before: next)
        case .start, .end:
            let new = state()
            if case .start = syntax { jumps[new].append((next, .atStart)) } else { jumps[new].append((next, .atEnd)) }
            return new
        }
    }

    private func build(_ part: RegexSyntax, _ least: Int, _ most: Int?, before next: Int) -> Int? {
        var entry = next
        if let most {
            for _ in least..<most {
                let new = state()
                guard let once = build(part, before: entry) else { return nil }
                jumps[new] += [(once, .always), (next, .always)]
                entry = new
            }
        } else {
            let loop = state()
            guard let once = build(part, before: loop) else { return nil }
            jumps[loop] += [(once, .always), (next, .always)]
            entry = loop
        }
        for _ in 0..<least {
            guard let once = build(part, before: entry) else { return nil }
            entry = once
        }
        return entry
    }

    private func closure(_ states: [Int], atStart: Bool, atEnd: Bool) -> [Int] {
        var reached = Set(states)
        var work = states
        while let next = work.popLast() {
            for (target, condition) in jumps[next] {
                let isOpen =
                    switch condition {
                    case .always: true
                    case .atStart: atStart
                    case .atEnd: atEnd
                    }
                if isOpen, reached.insert(target).inserted { work.append(target) }
            }
        }
        return reached.sorted()
    }

    /// Whether the pattern is found when the text ends here.
    func isMatch(_ number: Int) -> Bool { verdicts[number] }

    /// The number after one more character.
    func step(_ number: Int, _ character: UInt32) -> Int {
        if let known = steps[number][Int(character)] { return known }
        var targets: Set<Int> = []
        for state in members[number] {
            guard let move = moves[state], move.ranges.contains(where: { $0.contains(character) }) else { continue }
            targets.insert(move.target)
        }
        let result = self.number(of: closure(Array(targets), atStart: false, atEnd: false))
        steps[number][Int(character)] = result
        return result
    }

    private func number(of set: [Int]) -> Int {
        if let known = numbers[set] { return known }
        numbers[set] = members.count
        members.append(set)
        steps.append([:])
        verdicts.append(closure(set, atStart: false, atEnd: true).contains(accepting))
        return members.count - 1
    }
}
