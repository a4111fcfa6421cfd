import JSON
import Testing

@testable import Contracts

@Suite struct ExactDecimalTests {
    private func decimal(_ text: String) throws -> ExactDecimal {
        let literal = try #require(try JSON(parsing: text).number)
        return try #require(ExactDecimal(literal), "\(text)")
    }

    @Test(arguments: [
        ("0", "0"), ("-0.0", "0"), ("100", "100"), ("1e2", "100"), ("1.50", "1.5"), ("0.05", "0.05"),
        ("-12.5E-1", "-1.25"),
        ("123456789012345678901234567890.5", "123456789012345678901234567890.5"), ("1e400", "1e400"),
        ("5e-70", "5e-70"),
    ])
    func readsAndWritesExactly(text: String, written: String) throws {
        #expect(try decimal(text).literal()?.description == written)
    }

    @Test func refusesWhatDoesNotFit() throws {
        for text in ["1" + String(repeating: "2", count: 40), "1e99999999999999999999", "0.1e-9223372036854775808"] {
            let literal = try #require(try JSON(parsing: text).number)
            #expect(ExactDecimal(literal) == nil)
        }
    }

    @Test func ordersByValue() throws {
        let ordered = [
            "-1e300", "-10", "-9.5", "-1e-300", "0", "1e-300", "0.1", "0.11", "9007199254740992", "9007199254740993",
            "1e300",
        ]
        let values = try ordered.map { try decimal($0) }
        for (left, right) in zip(values, values.dropFirst()) {
            #expect(left < right)
            #expect(!(right < left))
        }
    }

    @Test func dividesInDecimalArithmetic() throws {
        #expect(try decimal("0.3").isMultiple(of: decimal("0.1")) == true)
        #expect(try decimal("0.35").isMultiple(of: decimal("0.1")) == false)
        #expect(try decimal("0").isMultiple(of: decimal("7")) == true)
        #expect(try decimal("0.4").leastCommonMultiple(decimal("0.6")) == decimal("1.2"))
        #expect(try decimal("-7").roundedDown(to: decimal("5")) == decimal("-10"))
        #expect(try decimal("7").roundedDown(to: decimal("0.5")) == decimal("7"))
        #expect(try decimal("1e30").adding(decimal("1e-30")) == nil)
    }
}
