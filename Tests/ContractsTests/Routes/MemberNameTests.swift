import Contracts
import JSON
import LogTesting
import Testing

/// Names are looked up by their first and last eight bytes and their length; only longer ones have more to compare.
@Suite struct MemberNameTests {
    /// Names of 0 to 40 bytes that differ in one byte, which is at every place of some of them.
    private static let names: [String] = (0...40).flatMap { count -> [String] in
        let plain = [UInt8](repeating: UInt8(ascii: "a"), count: count)
        return [plain].map { String(decoding: $0, as: UTF8.self) }
            + (0..<count).map { place in
                var bytes = plain
                bytes[place] = UInt8(ascii: "b")
                return String(decoding: bytes, as: UTF8.self)
            }
    }

    private func isValid(_ contract: Contract, _ names: [String]) throws -> Bool {
        let document = JSON.object(names.map { ($0, 1) }).bytes
        return try JSONParser().withDocument(document) { contract.isValid($0, using: ValidationScratch()) }
    }

    @Test func everyNameIsFoundInAnyOrderAndNoOther() throws {
        let properties = JSON.object(Self.names.map { ($0, ["const": 1]) })
        let contract = try Contract(compiling: ["properties": properties, "additionalProperties": false] as JSON)
        var random = SeededRandom(seed: 5)
        for names in [Self.names, Self.names.reversed(), Self.names.shuffled(using: &random)] {
            #expect(try isValid(contract, names))
        }
        for name in Self.names {
            #expect(try !isValid(contract, [name + "c"]), "\(name)")
            #expect(try !isValid(contract, [String(name.dropLast()) + "c"]) || name.isEmpty, "\(name)")
            #expect(try !isValid(contract, ["c" + name.dropFirst()]) || name.isEmpty, "\(name)")
        }
    }

    @Test(arguments: [1, 2, 63, 64, 65, 128, 129, 255, 256, 257])
    func everyRequiredNameIsMissedAlone(count: Int) throws {
        let names = Self.names.prefix(count)
        let contract = try Contract(compiling: ["required": .array(names.map { .string($0) })] as JSON)
        #expect(try isValid(contract, Array(names)))
        #expect(try isValid(contract, names.reversed() + ["c"]))
        for (index, name) in names.enumerated() {
            #expect(try !isValid(contract, names.enumerated().filter { $0.offset != index }.map(\.element)), "\(name)")
        }
    }

    @Test func aNameWithEscapesIsTheNameThatItStandsFor() throws {
        let contract = try Contract(
            compiling:
                #"{"properties":{"caf\u00e9":{"type":"integer"}},"required":["café"],"additionalProperties":false}"#
                .utf8.map { $0 }
        )
        let scratch = ValidationScratch()
        for (text, expected) in [
            (#"{"café":1}"#, true), (#"{"caf\u00e9":1}"#, true), (#"{"\u0063af\u00E9":1}"#, true),
            (#"{"caf\u00e9":"x"}"#, false), (#"{"cafe":1}"#, false), (#"{"caf\u00e9":1,"":2}"#, false),
        ] {
            try JSONParser().withDocument(text) { #expect(contract.isValid($0, using: scratch) == expected, "\(text)") }
        }
    }
}
