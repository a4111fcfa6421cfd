import Contracts
import JSON
import LogTesting
import Testing

/// Records as text, and what becomes of them.
enum InferredRecords {
    static func inference(
        _ records: [String],
        _ bounds: InferenceBounds = InferenceBounds(),
        discriminator: String? = nil
    ) throws -> SchemaInference {
        var inference = SchemaInference(bounds, discriminator: discriminator)
        let parser = JSONParser()
        for record in records { try parser.withDocument(record) { inference.add($0) } }
        return inference
    }

    /// The first record that the inferred schema refuses, with formats asserted, and why; nil when it takes all.
    static func refusal(
        of records: [String],
        by inference: SchemaInference,
        _ options: InferredSchemaOptions = InferredSchemaOptions()
    ) throws -> String? {
        let contract = try Contract(compiling: inference.schema(options), formats: .assertion)
        let (parser, scratch) = (JSONParser(), ValidationScratch())
        for record in records {
            let violation = try parser.withDocument(record) { contract.validate($0, using: scratch) }
            if let violation { return "\(violation) at \(violation.instance) in \(record.prefix(2_000))" }
        }
        return nil
    }
}

/// Records with what makes inference stumble: repeated and equivalent names, odd spellings of numbers, formats that
/// some texts have, depth, and many names.
struct RandomRecords {
    var random: SeededRandom

    private mutating func pick<T>(_ elements: [T]) -> T { elements[Int(random.next() % UInt64(elements.count))] }

    static let scalars = [
        "null", "true", "false", "0", "-0", "1", "1.0", "10e-1", "1.5", "-7", "9007199254740993", "1e400", "-2.50",
        "123456789012345678901234567890123456789012345678901234567890123456789", #""""#, #""a""#, #""b""#, #""\u0061""#,
        #""2024-02-29T12:30:00Z""#, #""2024-02-29""#, #""2eb8aa08-aa98-11ea-b4aa-73b441d16380""#, #""192.0.2.1""#,
        #""https://example.com/a""#, #""https://example.com/{a}""#, #""kind:bug""#, #""ada@example.com""#, #""é""#,
        #""a text that is longer than what inference remembers of one text, by some bytes""#,
    ]
    /// The second and third are equivalent in Unicode and different in JSON; the last is the first.
    static let names = ["a", "\u{E9}", "e\u{301}", "type", "x/y~z", "", #"\u0061"#]

    mutating func record(depth: Int = 4) -> String {
        let choice = random.next() % 10
        if depth == 0 || choice < 4 { return pick(Self.scalars) }
        if choice < 6 {
            let elements = (0..<(random.next() % 4)).map { _ in record(depth: depth - 1) }
            return "[\(elements.joined(separator: ", "))]"
        }
        return object(depth: depth)
    }

    mutating func object(depth: Int = 4) -> String {
        var members = (0..<(random.next() % 5)).map { _ in "\"\(pick(Self.names))\":\(record(depth: depth - 1))" }
        if random.chance(0.1) {
            for _ in 0..<12 { members.append("\"n\(random.next() % 400)\":\(record(depth: 0))") }
        }
        if random.chance(0.5) { members.append(#""type":"\#(pick(["order", "refund", "x"]))""#) }
        return "{\(members.joined(separator: ","))}"
    }
}
