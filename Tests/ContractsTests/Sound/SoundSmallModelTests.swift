import Contracts
import JSON
import Testing

/// Pairs of small schemas of one kind, against all small documents of that kind.
@Suite(.timeLimit(.minutes(3))) struct SoundSmallModelTests {
    struct Model: Sendable {
        let name: String
        /// In every schema.
        let base: [(String, JSON)]
        /// One or two of them are in each schema.
        let keywords: [(String, JSON)]
        let documents: [JSON]

        var schemas: [JSON] {
            var found: [JSON] = [.object(base)]
            for (index, keyword) in keywords.enumerated() {
                found.append(.object(base + [keyword]))
                for other in keywords[..<index] where other.0 != keyword.0 {
                    found.append(.object(base + [other, keyword]))
                }
            }
            return found
        }
    }

    static let models = [
        Model(
            name: "numbers",
            base: [],
            keywords: [
                ("type", "integer"), ("minimum", 1), ("minimum", 1.5), ("exclusiveMinimum", 1), ("maximum", 2),
                ("exclusiveMaximum", 2), ("exclusiveMaximum", 1.5), ("multipleOf", 0.5), ("multipleOf", 2),
                ("not", ["multipleOf": 2]), ("enum", [1, 2]), ("const", 2),
            ],
            documents: (-8...32).map { JSON(floatLiteral: Double($0) / 4) }
        ),
        Model(
            name: "strings",
            base: [("type", "string")],
            keywords: [
                ("minLength", 1), ("minLength", 2), ("maxLength", 1), ("maxLength", 2), ("pattern", "^a"),
                ("pattern", "^a*$"), ("pattern", "b"), ("pattern", "^.{2}$"), ("not", ["pattern": "b$"]),
                ("enum", ["a", "ab"]), ("not", ["maxLength": 1]),
            ],
            documents: texts(of: ["a", "b", "c"], upTo: 4).map { .string($0) }
        ),
        Model(
            name: "arrays",
            base: [("type", "array")],
            keywords: [
                ("minItems", 1), ("minItems", 2), ("maxItems", 1), ("maxItems", 2), ("uniqueItems", true),
                ("items", ["enum": [1, 2]]), ("items", [["const": 1]]), ("items", ["type": "integer"]),
                ("contains", ["const": 1]), ("not", ["contains": ["const": 2]]), ("additionalItems", false),
            ],
            documents: arrays(of: [1, 2, "x"], upTo: 3)
        ),
        Model(
            name: "objects",
            base: [("type", "object")],
            keywords: [
                ("required", ["a"]), ("required", ["b"]), ("minProperties", 1), ("maxProperties", 1),
                ("properties", ["a": ["const": 1]]), ("properties", ["b": ["const": 1]]),
                ("additionalProperties", false), ("additionalProperties", ["const": 1]),
                ("patternProperties", ["^a": ["const": 1]]), ("propertyNames", ["pattern": "^a"]),
                ("dependencies", ["a": ["b"]]), ("not", ["required": ["a"]]),
            ],
            documents: objects(names: ["a", "b", "ab", "c"], values: [1, 2])
        ),
    ]

    @Test(arguments: models.indices)
    func agreesWithTryingAllDocuments(index: Int) throws {
        let model = Self.models[index]
        let schemas = try model.schemas.map { try ComparedSchema($0.bytes) }
        let accepted = try schemas.map { schema in try model.documents.map { try SoundVerdict.isValid($0, schema) } }
        var undecided: [String] = []
        for (row, (old, before)) in zip(schemas, accepted).enumerated() {
            // A part of the pairs, another one for each row.
            for (column, (new, after)) in zip(schemas, accepted).enumerated() where (row + column) % 3 == 0 {
                let result = CompatibilityPolicy.sound.compare(old: old, new: new)
                let about: Comment = "\(model.name): \(old.json) -> \(new.json): \(result.verdict)"
                let breaks = zip(before, after).contains { $0.0 && !$0.1 }
                if breaks { #expect(result.verdict != .compatible, about) }
                if result.verdict == .unknown { undecided.append("\(old.json) -> \(new.json)") }
                try SoundVerdict.check(result, old: old, new: new, about)
            }
        }
        #expect(undecided.isEmpty, "\(model.name): \(undecided.count) are not decided")
    }

    private static func texts(of letters: [String], upTo length: Int) -> [String] {
        var all = [""], last = [""]
        for _ in 0..<length {
            last = last.flatMap { text in letters.map { text + $0 } }
            all += last
        }
        return all
    }

    private static func arrays(of values: [JSON], upTo length: Int) -> [JSON] {
        var all: [[JSON]] = [[]], last: [[JSON]] = [[]]
        for _ in 0..<length {
            last = last.flatMap { array in values.map { array + [$0] } }
            all += last
        }
        return all.map { .array($0) }
    }

    private static func objects(names: [String], values: [JSON]) -> [JSON] {
        var all: [[(String, JSON)]] = [[]]
        for name in names { all += all.flatMap { members in values.map { members + [(name, $0)] } } }
        return all.map { .object($0) }
    }
}
