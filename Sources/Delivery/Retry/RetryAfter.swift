/// Reads the value of an HTTP `Retry-After` header (RFC 9110 section 10.2.3): seconds, or a date.
package enum RetryAfter {
    /// How long the target asks to wait.
    ///
    /// - Parameters:
    ///   - value: The header's value.
    ///   - now: Seconds since 1970-01-01T00:00:00Z, for the date form; best the response's own `Date`.
    /// - Returns: Nil when the value is neither form; zero for a date that has passed.
    package static func parse(_ value: some StringProtocol, now: Int64) -> Duration? {
        let text = value.split(separator: " " as Character).map { String($0) }
        if text.count == 1 { return seconds(text[0]) }
        guard let date = imfDate(text) else { return nil }
        return .seconds(Swift.max(0, date - now))
    }

    /// `delta-seconds`: digits only; more than nine digits is 31 years and taken as that.
    private static func seconds(_ text: String) -> Duration? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return .seconds(text.utf8.count > 9 ? 999_999_999 : Int64(text) ?? 0)
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, the only form a sender may generate (RFC 9110 section 5.6.7).
    private static func imfDate(_ parts: [String]) -> Int64? {
        guard parts.count == 6, parts[0].utf8.count == 4, parts[0].hasSuffix(","), parts[5] == "GMT",
            let day = number(parts[1], in: 1...31, digits: 2),
            let month = months.firstIndex(of: parts[2]),
            let year = number(parts[3], in: 1970...9999, digits: 4)
        else { return nil }
        let clock = parts[4].split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard clock.count == 3,
            let hour = number(clock[0], in: 0...23, digits: 2),
            let minute = number(clock[1], in: 0...59, digits: 2),
            let second = number(clock[2], in: 0...60, digits: 2)
        else { return nil }
        return daysSince1970(year: year, month: month + 1, day: day) * 86_400 + hour * 3600 + minute
            * 60 + second
    }

    private static func number(_ text: String, in range: ClosedRange<Int64>, digits: Int) -> Int64? {
        guard text.utf8.count == digits, isDigits(text), let value = Int64(text), range.contains(value) else {
            return nil
        }
        return value
    }

    private static func isDigits(_ text: String) -> Bool {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// Days of the proleptic Gregorian calendar, counting years from March so that the leap day comes last
    /// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`). `year` is 1970 or later.
    private static func daysSince1970(year: Int64, month: Int, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * Int64(month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
