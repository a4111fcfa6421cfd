/// Looks for texts that match some patterns, do not match others, and have a length within bounds.
///
/// Breadth first over the product of the automata, so that the shortest texts come first, and what ends without a text
/// is a proof that there is none.
struct StringSearch {
    enum Outcome {
        /// The texts that were asked for.
        case found([String])
        /// There is no text at all.
        case empty
        /// There are texts or may be, but none that was accepted within the bounds.
        case undecided
    }

    var matching: [RegexAutomaton] = []
    var excluding: [RegexAutomaton] = []
    /// Characters.
    var minLength = 0
    var maxLength = Int.max

    static let maxStates = 4_000
    private static let maxCandidates = 200
    /// Longest text that is written down.
    private static let maxTextLength = 4_000

    private struct State {
        let numbers: [Int]
        let length: Int
        let parent: Int
        /// Index into the alphabet.
        let letter: Int
    }

    /// - Parameters:
    ///   - limit: How many texts to look for.
    ///   - accepts: Has the last word on each.
    /// - Returns: Texts, the shortest first, or that there is none.
    func run(limit: Int, accepts: (String) -> Bool) -> Outcome {
        guard minLength <= maxLength else { return .empty }
        guard minLength <= Self.maxTextLength else { return .undecided }
        let automata = matching + excluding
        let alphabet = Self.alphabet(automata)
        var states = [State(numbers: automata.map { _ in 0 }, length: 0, parent: -1, letter: 0)]
        var seen: Set<[Int]> = [states[0].numbers + [0]]
        var found: [String] = []
        var candidates = 0
        var index = 0
        while index < states.count, states.count < max(Self.maxStates, 2 * minLength) {
            let state = states[index]
            if state.length >= minLength, isMatch(state.numbers) {
                candidates += 1
                for text in Self.texts(states, index, alphabet) where found.count < limit && accepts(text) {
                    found.append(text)
                }
                if found.count >= limit || candidates > Self.maxCandidates { break }
            }
            if state.length < maxLength { extend(index, automata, alphabet, &states, &seen) }
            index += 1
        }
        if !found.isEmpty { return .found(found) }
        return candidates == 0 && index == states.count ? .empty : .undecided
    }

    private func isMatch(_ numbers: [Int]) -> Bool {
        for (index, automaton) in matching.enumerated() where !automaton.isMatch(numbers[index]) { return false }
        for (index, automaton) in excluding.enumerated() where automaton.isMatch(numbers[matching.count + index]) {
            return false
        }
        return true
    }

    /// Two texts that lead to the same states are alike once both are long enough; the shorter one can grow further.
    private func extend(
        _ index: Int,
        _ automata: [RegexAutomaton],
        _ alphabet: [[UInt32]],
        _ states: inout [State],
        _ seen: inout Set<[Int]>
    ) {
        let state = states[index]
        for (letter, characters) in alphabet.enumerated() {
            var numbers: [Int] = []
            numbers.reserveCapacity(automata.count)
            for (position, automaton) in automata.enumerated() {
                numbers.append(automaton.step(state.numbers[position], characters[0]))
            }
            guard seen.insert(numbers + [min(state.length + 1, minLength)]).inserted else { continue }
            states.append(State(numbers: numbers, length: state.length + 1, parent: index, letter: letter))
        }
    }

    /// The text that led to a state, in a few variants that the automata cannot tell apart.
    private static func texts(_ states: [State], _ index: Int, _ alphabet: [[UInt32]]) -> [String] {
        var letters: [Int] = []
        var next = index
        while states[next].parent >= 0 {
            letters.append(states[next].letter)
            next = states[next].parent
        }
        letters.reverse()
        let variants = letters.map { alphabet[$0].count }.max() ?? 1
        return (0..<variants).map { variant in
            var text = ""
            for letter in letters {
                let characters = alphabet[letter]
                if let scalar = Unicode.Scalar(characters[min(variant, characters.count - 1)]) {
                    text.unicodeScalars.append(scalar)
                }
            }
            return text
        }
    }

    /// Characters that no automaton tells apart are one letter, written by a few readable ones of them.
    private static func alphabet(_ automata: [RegexAutomaton]) -> [[UInt32]] {
        let ranges = Array(Set(automata.flatMap(\.ranges)))
        var cuts: Set<UInt32> = [0, 0xD800, 0xE000]
        for range in ranges { cuts.formUnion([range.lowerBound, range.upperBound + 1]) }
        let characters = readable + cuts.filter { $0 <= 0x10FFFF && $0 & 0x1FF800 != 0xD800 }.sorted()
        var letters: [[UInt32]] = []
        var numbers: [[Bool]: Int] = [:]
        for character in characters {
            let signature = ranges.map { $0.contains(character) }
            if let known = numbers[signature] {
                if letters[known].count < 6 { letters[known].append(character) }
            } else {
                numbers[signature] = letters.count
                letters.append([character])
            }
        }
        return letters
    }

    private static let readable: [UInt32] =
        Array(0x61...0x7A) + Array(0x30...0x39) + Array(0x41...0x5A) + Array(0x20...0x2F) + Array(0x3A...0x40)
        + Array(0x5B...0x60) + Array(0x7B...0x7E)
}
