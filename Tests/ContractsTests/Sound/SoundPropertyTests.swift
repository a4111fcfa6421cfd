import Contracts
import JSON
import Testing

/// Random schemas against random documents: what is said to be contained is.
@Suite struct SoundPropertyTests {
    /// Schemas and documents out of few names and small numbers, so that they meet.
    struct Generator {
        var random: SeededRandom
        /// Whether to use keywords that came with 2019-09 and 2020-12 too.
        var isModern = false

        private mutating func pick<T>(_ elements: [T]) -> T { elements[Int(random.next() % UInt64(elements.count))] }
        private mutating func number(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }

        mutating func document(depth: Int = 3) -> JSON {
            switch number(depth > 0 ? 8 : 5) {
            case 0: return .null
            case 1: return .bool(number(2) == 0)
            case 2: return pick([0, 1, 2, 3, 5, -1, 1.5, 10])
            case 3, 4: return .string(pick(["", "a", "b", "ab", "abc", "x1", "aaaa"]))
            case 5: return .array((0..<number(4)).map { _ in document(depth: depth - 1) })
            default:
                var members: [(String, JSON)] = []
                for name in ["a", "b", "x1", "extra"] where number(2) == 0 {
                    members.append((name, document(depth: depth - 1)))
                }
                return .object(members)
            }
        }

        mutating func schema(depth: Int = 3) -> JSON {
            if number(12) == 0 { return .bool(number(3) > 0) }
            var members: [(String, JSON)] = []
            for _ in 0..<(1 + number(3)) {
                let (keyword, value) = keyword(depth: depth)
                if !members.contains(where: { $0.0 == keyword }) { members.append((keyword, value)) }
            }
            return .object(members)
        }

        private mutating func keyword(depth: Int) -> (String, JSON) {
            let types: [JSON] = ["string", "integer", "number", "object", "array", "null", "boolean"]
            if depth == 0 || number(3) == 0 {
                switch number(14) {
                case 0, 1, 2, 3: return ("type", pick(types))
                case 4: return ("type", .array(Array(Set([number(7), number(7)])).sorted().map { types[$0] }))
                case 5: return ("enum", .array((0..<(1 + number(3))).map { _ in document(depth: 1) }))
                case 6: return ("const", document(depth: 1))
                case 7:
                    return (
                        pick(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]), pick([0, 1, 2.5, 5])
                    )
                case 8: return ("multipleOf", pick([1, 2, 0.5, 3]))
                case 9: return (pick(["minLength", "maxLength"]), pick([0, 1, 2, 3]))
                case 10: return ("pattern", .string(pick(["^a", "b$", "^a*$", "^[a-c]{2,3}$", "1"])))
                case 11: return (pick(["minItems", "maxItems", "minProperties", "maxProperties"]), pick([0, 1, 2]))
                case 12: return ("required", .array([.string(pick(["a", "b", "x1"]))]))
                default: return ("uniqueItems", .bool(true))
                }
            }
            return applicator(depth: depth - 1)
        }

        private mutating func applicator(depth: Int) -> (String, JSON) {
            if isModern, number(3) == 0 { return modern(depth: depth) }
            switch number(13) {
            case 0, 1, 2:
                return ("properties", .object(["a", "b"].prefix(1 + number(2)).map { ($0, schema(depth: depth)) }))
            case 3: return ("additionalProperties", schema(depth: depth))
            case 4: return ("patternProperties", .object([(pick(["^x", "^a", "b"]), schema(depth: depth))]))
            case 5: return ("items", number(3) == 0 ? .array([schema(depth: depth)]) : schema(depth: depth))
            case 6:
                return (
                    pick(["anyOf", "oneOf", "allOf"]), .array((0..<(1 + number(3))).map { _ in schema(depth: depth) })
                )
            case 7: return ("not", schema(depth: depth))
            case 8: return ("contains", schema(depth: depth))
            case 9: return ("dependencies", .object([("a", number(2) == 0 ? ["b"] : schema(depth: depth))]))
            case 10: return ("propertyNames", schema(depth: 0))
            case 11: return ("properties", ["a": ["$ref": "#"]])
            default: return (pick(["if", "then", "else"]), schema(depth: depth))
            }
        }

        private mutating func modern(depth: Int) -> (String, JSON) {
            switch number(7) {
            case 0: return ("prefixItems", .array([schema(depth: depth)]))
            case 1: return (pick(["minContains", "maxContains"]), pick([0, 1, 2]))
            case 2: return ("unevaluatedProperties", schema(depth: depth))
            case 3: return ("unevaluatedItems", schema(depth: depth))
            case 4: return ("dependentSchemas", .object([("a", schema(depth: depth))]))
            case 5: return ("dependentRequired", ["a": ["b"]])
            default: return ("contains", schema(depth: depth))
            }
        }

        /// A whole document.
        mutating func contract() -> JSON {
            let found = schema()
            guard isModern, let members = found.members else { return found }
            let draft = JSON.string(SchemaDraft.draft202012.metaschemaURI)
            return .object([("$schema", draft)] + members.filter { $0.1.elements == nil || $0.0 != "items" })
        }

        /// The schema with one keyword added, dropped or made anew somewhere.
        mutating func mutated(_ schema: JSON) -> JSON {
            guard var members = schema.members, !members.isEmpty else { return self.schema(depth: 1) }
            let index = number(members.count)
            if members[index].1.members != nil, number(2) == 0 {
                members[index].1 = mutated(members[index].1)
                return (try? Contract(compiling: .object(members))) == nil ? schema : .object(members)
            }
            switch number(3) {
            case 0: members.remove(at: index)
            case 1: members[index] = keyword(depth: 1)
            default:
                let new = keyword(depth: 1)
                members.removeAll { $0.0 == new.0 }
                members.append(new)
            }
            return .object(members)
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: 1...6 as ClosedRange<UInt64>)
    func neverAcceptsWhatADocumentContradicts(seed: UInt64) throws {
        var generator = Generator(random: SeededRandom(seed: seed))
        var counts: [SchemaComparison.Verdict: Int] = [:]
        let documents = (0..<60).map { _ in generator.document() }
        for round in 0..<150 {
            generator.isModern = round % 3 == 0
            let json = generator.contract()
            guard let old = try? ComparedSchema(json.bytes),
                let new = try? ComparedSchema(generator.mutated(json).bytes)
            else { continue }
            let result = CompatibilityPolicy.sound.compare(old: old, new: new)
            counts[result.verdict, default: 0] += 1
            let about: Comment = "seed \(seed) round \(round): \(old.json) -> \(new.json) \(result.verdict)"
            try SoundVerdict.check(result, old: old, new: new, about)
            guard result.verdict == .compatible else { continue }
            for document in documents + old.json.parts + new.json.parts {
                let breaks = try SoundVerdict.isValid(document, old) && !SoundVerdict.isValid(document, new)
                #expect(!breaks, "\(about): \(document)")
            }
        }
        let decided = (counts[.compatible] ?? 0) + (counts[.incompatible] ?? 0)
        #expect(decided * 10 >= (decided + (counts[.unknown] ?? 0)) * 9, "seed \(seed): \(counts)")
        #expect(counts[.compatible] ?? 0 > 20 && counts[.incompatible] ?? 0 > 20, "seed \(seed): \(counts)")
    }
}

extension JSON {
    /// The value and all that is inside it: of a schema the constants that it mentions, among others.
    fileprivate var parts: [JSON] {
        switch self {
        case .array(let elements): [self] + elements.flatMap(\.parts)
        case .object(let members): [self] + members.flatMap(\.1.parts)
        case .null, .bool, .number, .string: [self]
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood; OOPSLA 2014).
struct SeededRandom {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
