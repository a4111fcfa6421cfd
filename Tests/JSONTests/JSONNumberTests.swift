import JSON
import Testing

@Suite struct JSONNumberTests {
    private func number<R>(_ text: String, _ body: (JSONNumber) throws -> R) throws -> R {
        try JSONParser().withDocument(text) { try body(#require($0.number)) }
    }

    private func pair<R>(_ left: String, _ right: String, _ body: (JSONNumber, JSONNumber) -> R) throws -> R {
        try JSONParser().withDocument("[\(left),\(right)]") { root in
            body(try #require(root[0]?.number), try #require(root[1]?.number))
        }
    }

    @Test(arguments: [
        ("0", 0), ("-0", 0), ("0.0e5", 0), ("1.0", 1), ("1e2", 100), ("150e-1", 15), ("-12.50e2", -1250),
        ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min), ("92233720368547758.07e2", Int64.max),
        ("1e18", 1_000_000_000_000_000_000), ("1000000000000000000000e-3", 1_000_000_000_000_000_000),
    ])
    func readsIntegersHoweverTheyAreWritten(text: String, value: Int64) throws {
        #expect(try number(text) { $0.int64 } == value)
        #expect(try number(text) { $0.isInteger })
    }

    @Test(arguments: ["9223372036854775808", "-9223372036854775809", "1e19", "1e400", "1e99999999999999999999"])
    func integersThatDoNotFitAreStillIntegers(text: String) throws {
        #expect(try number(text) { $0.int64 } == nil)
        #expect(try number(text) { $0.isInteger })
    }

    @Test(arguments: ["0.5", "1.5e0", "1e-1", "12345678901234567890.5", "1e-400"])
    func fractionsAreNoIntegers(text: String) throws {
        #expect(try number(text) { $0.isInteger } == false)
        #expect(try number(text) { $0.int64 } == nil)
    }

    @Test(arguments: [
        ("1", "1.0", 0), ("10", "1e1", 0), ("-0", "0.00", 0), ("0.1", "1e-1", 0), ("100e-2", "1", 0),
        ("9007199254740992", "9007199254740993", -1), ("9007199254740993.0", "9007199254740993", 0),
        ("1e400", "2e400", -1), ("1e400", "1e399", 1), ("-1e400", "1", -1), ("-2", "-10", 1), ("-1.5", "-1.25", -1),
        ("0.1", "0.10000000000000000000000000000001", -1), ("123456789012345678901234567890", "1e29", 1),
        ("1e-400", "0", 1), ("1e99999999999999999999", "1", 1), ("1e-99999999999999999999", "1", -1),
    ])
    func comparesByExactValue(left: String, right: String, order: Int) throws {
        #expect(try pair(left, right) { $0.compare(to: $1) } == order)
        #expect(try pair(right, left) { $0.compare(to: $1) } == -order)
        #expect(try pair(left, right) { $0 == $1 } == (order == 0))
        #expect(try pair(left, right) { $0 < $1 } == (order < 0))
    }

    @Test(arguments: [
        ("0.3", "0.1", true), ("0.35", "0.1", false), ("1e300", "7", false), ("7e300", "7", true), ("10", "2.5", true),
        ("9007199254740993", "3", true), ("9007199254740992", "3", false), ("0", "5", true), ("-6", "4", false),
        ("-8", "4", true), ("1", "0", false), ("0.0075", "0.0001", true), ("0.00751", "0.0001", false),
        ("1e999999", "0.123456789", false), ("1e999999", "0.0078125", true), ("1e308", "0.5", true),
        ("340282366920938463463374607431768211456", "18446744073709551616", true),
        ("340282366920938463463374607431768211457", "18446744073709551616", false),
    ])
    func decidesMultiplesInDecimal(value: String, unit: String, isMultiple: Bool) throws {
        #expect(try pair(value, unit) { $0.isMultiple(of: $1) } == isMultiple)
    }

    @Test(arguments: [
        ("1", true), ("0.1", true), ("9007199254740992", true), ("9007199254740993", false), ("1e400", false),
        ("-0.0", true), ("123456789012345678", false), ("1e22", true), ("1.7976931348623157e308", true),
        ("0.30000000000000004", true), ("0.300000000000000041", false), ("1e-400", false), ("5e-324", true),
        ("99999999999999999999999", false), ("100000000000000000000000", true), ("1e23", true),
    ])
    func knowsWhatSurvivesADouble(text: String, survives: Bool) throws {
        #expect(try number(text) { $0.isExactInDouble } == survives)
    }

    @Test func convertsToTheNearestDouble() throws {
        #expect(try number("0.1") { $0.double } == 0.1)
        #expect(try number("123456789012345") { $0.double } == 123_456_789_012_345)
        #expect(try number("1e400") { $0.double } == .infinity)
        #expect(try number("1e-400") { $0.double } == 0)
        #expect(try number("-0") { $0.double }.sign == .minus)
    }

    @Test func agreesWithTheStandardLibraryOnRandomDoubles() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(state: seed)
        for _ in 0..<2_000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            let exact = try number(value.description) { ($0.double == value, $0.isExactInDouble) }
            #expect(exact == (true, true), "seed \(seed), value \(value)")
        }
    }
}

/// A seeded generator (Steele, Lea, Flood: SplitMix64), so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
