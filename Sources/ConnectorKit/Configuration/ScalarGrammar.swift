/// How durations, sizes, rates and percentages are written.
///
/// | | units |
/// |---|---|
/// | duration | `ms` `s` `m` `h` `d` |
/// | size | `B` `KiB` `MiB` `GiB` (1024) `KB` `MB` `GB` (1000) |
/// | rate | `/s` `/m` `/h` |
///
/// A number and its unit are written together, without a sign and without a fraction.
package enum ScalarGrammar {
    private static let durationUnits: [(unit: String, milliseconds: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]
    private static let sizeUnits: [(unit: String, bytes: Int)] = [
        ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1000),
        ("B", 1),
    ]

    /// `nil` where `text` is no duration, or one beyond 10,000 years.
    package static func duration(_ text: String) -> Duration? {
        guard let (number, unit) = split(text),
            let scale = durationUnits.first(where: { $0.unit == unit })?.milliseconds
        else { return nil }
        let (product, overflow) = Int64(number).multipliedReportingOverflow(by: scale)
        return overflow || product > 315_360_000_000_000 ? nil : .milliseconds(product)
    }

    /// Bytes.
    package static func size(_ text: String) -> Int? {
        guard let (number, unit) = split(text), let scale = sizeUnits.first(where: { $0.unit == unit })?.bytes
        else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: scale)
        return overflow ? nil : product
    }

    /// `50/s`; at least 1. `nil` where `text` is no rate.
    package static func rate(_ text: String) -> Rate? {
        guard let (number, unit) = split(text), number > 0 else { return nil }
        switch unit {
        case "/s": return Rate(number, per: .seconds(1))
        case "/m": return Rate(number, per: .seconds(60))
        case "/h": return Rate(number, per: .seconds(3600))
        default: return nil
        }
    }

    /// `99.9%` as 0.999; 0 to 100 per cent.
    package static func fraction(_ text: String) -> Double? {
        // The exponent does the division in decimal: 99.9 / 100 is not the double nearest to 0.999.
        guard text.hasSuffix("%"), text.utf8.dropLast().allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ".") }),
            let number = decimal(text.dropLast() + "e-2"), (0...1).contains(number)
        else { return nil }
        return number
    }

    /// A whole number in decimal digits, `_` between digits allowed.
    package static func integer(_ text: String) -> Int? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard let first = digits.utf8.first, isDigit(first), digits.utf8.last != UInt8(ascii: "_"),
            digits.utf8.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: "_") })
        else { return nil }
        return Int(text.filter { $0 != "_" })
    }

    /// A decimal number, without infinities and `nan`.
    package static func decimal(_ text: String) -> Double? {
        guard text.utf8.allSatisfy({ isDigit($0) || "+-.eE".utf8.contains($0) }), let number = Double(text),
            number.isFinite
        else { return nil }
        return number
    }

    /// `duration` as it is written: in the largest unit that holds it whole.
    package static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        guard milliseconds != 0, let scale = durationUnits.first(where: { milliseconds % $0.milliseconds == 0 })
        else { return "0s" }
        return "\(milliseconds / scale.milliseconds)\(scale.unit)"
    }

    /// A size as it is written, in the largest unit that holds it whole.
    package static func text(bytes: Int) -> String {
        guard bytes != 0, let scale = sizeUnits.first(where: { bytes % $0.bytes == 0 }) else { return "0B" }
        return "\(bytes / scale.bytes)\(scale.unit)"
    }

    private static func split(_ text: String) -> (number: Int, unit: String)? {
        let digits = text.utf8.prefix(while: isDigit)
        guard !digits.isEmpty, let number = Int(Substring(digits)) else { return nil }
        return (number, String(text.dropFirst(digits.count)))
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
