/// A double as jq and ECMA-262 write it: the shortest digits that read back as the same double,
/// whole numbers below 1e21 without fraction and exponent.
enum DoubleText {
    private static let exactIntegers = 9_007_199_254_740_992.0

    /// The text of a finite double.
    static func text(_ value: Double) -> String {
        if value.magnitude <= exactIntegers, value == value.rounded(.towardZero), value != 0 || value.sign == .plus {
            return String(Int64(value))
        }
        let text = value.description
        if text.hasSuffix(".0") { return String(text.dropLast(2)) }
        guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...]),
            (1..<21).contains(exponent)
        else { return text }
        return positional(text[..<mark], exponent) ?? text
    }

    /// `1.25` with exponent 5 is `125000`; nil when digits would follow the point.
    private static func positional(_ mantissa: Substring, _ exponent: Int) -> String? {
        let parts = mantissa.split(separator: ".")
        guard let whole = parts.first else { return nil }
        let fraction = parts.count > 1 && parts[1] != "0" ? parts[1] : ""
        guard fraction.utf8.count <= exponent else { return nil }
        return whole + fraction + String(repeating: "0", count: exponent - fraction.utf8.count)
    }
}
