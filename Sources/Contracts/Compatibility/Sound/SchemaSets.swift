import JSON

/// The schemas of both sides as sets of values: every atom and every conjunction of atoms once, whichever side has it.
///
/// Shared by those who read schemas and those who reason about them; numbers stay valid while it grows.
final class SchemaSets {
    private(set) var atoms: [Atom] = []
    /// Each a sorted list of atoms, all of which must hold; the empty one accepts everything.
    private(set) var nodes: [[Int]] = []
    private(set) var values: [JSON] = []
    /// Why an atom is not understood.
    private(set) var opaque: [String] = []
    /// The node of each class of referenced schemas.
    var classes: [Int] = []
    private var atomNumbers: [Atom: Int] = [:]
    private var nodeNumbers: [[Int]: Int] = [:]
    private var valueNumbers: [JSONName: Int] = [:]

    /// The node that accepts everything and the one that accepts nothing.
    private(set) var everything = 0
    private(set) var nothing = 0

    init() {
        everything = node([])
        nothing = node([atom(.kinds([]))])
    }

    func atom(_ atom: Atom) -> Int {
        if let known = atomNumbers[atom] { return known }
        atoms.append(atom)
        atomNumbers[atom] = atoms.count - 1
        return atoms.count - 1
    }

    func node(_ atoms: some Sequence<Int>) -> Int {
        let sorted = Set(atoms).sorted()
        if let known = nodeNumbers[sorted] { return known }
        nodes.append(sorted)
        nodeNumbers[sorted] = nodes.count - 1
        return nodes.count - 1
    }

    func value(_ json: JSON) -> Int {
        let name = JSONName(json.canonical)
        if let known = valueNumbers[name] { return known }
        values.append(json)
        valueNumbers[name] = values.count - 1
        return values.count - 1
    }

    /// An atom that equals no other.
    func opaqueAtom(_ reason: String) -> Int {
        opaque.append(reason)
        return atom(.opaque(opaque.count - 1))
    }
}

extension JSON {
    /// A text that only equal values have; of equal numbers beyond 36 digits it may differ.
    var canonical: String {
        switch self {
        case .number(let literal):
            ExactDecimal(literal).map { "\($0.mantissa)e\($0.exponent)" } ?? literal.text
        case .array(let elements): "[" + elements.map(\.canonical).joined(separator: ",") + "]"
        case .object(let members):
            "{"
                + Dictionary(members.map { (JSONName($0.0), $0.1) }) { _, last in last }
                .map { (JSON.string($0.key.text).description, $0.value.canonical) }
                .sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
                .map { $0.0 + ":" + $0.1 }.joined(separator: ",") + "}"
        case .null, .bool, .string: description
        }
    }
}
