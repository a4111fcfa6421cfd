extension Format {
    /// `date-time` of RFC 3339 section 5.6: a date, `T` or `t`, and a time with its offset.
    static func isDateTime(_ text: Span<UInt8>) -> Bool {
        text.count > 11 && startsWithDate(text) && text[10] | 0x20 == UInt8(ascii: "t") && isTime(text, from: 11)
    }

    /// `full-date` of RFC 3339 section 5.6, a day of the proleptic Gregorian calendar.
    static func isDate(_ text: Span<UInt8>) -> Bool { text.count == 10 && startsWithDate(text) }

    /// The text must have at least ten bytes.
    private static func startsWithDate(_ text: Span<UInt8>) -> Bool {
        guard text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), let year = digits(text, 0, count: 4),
            let month = digits(text, 5, count: 2), let day = digits(text, 8, count: 2)
        else { return false }
        return month >= 1 && month <= 12 && day >= 1 && day <= days(in: month, of: year)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// `full-time` of RFC 3339 section 5.6 from a place to the end. Second 60 is one only where a leap second can be:
    /// at 23:59 of UTC.
    static func isTime(_ text: Span<UInt8>, from start: Int) -> Bool {
        guard text.count >= start + 9, text[start + 2] == UInt8(ascii: ":"), text[start + 5] == UInt8(ascii: ":"),
            let hour = digits(text, start, count: 2), let minute = digits(text, start + 3, count: 2),
            let second = digits(text, start + 6, count: 2), hour < 24, minute < 60, second <= 60
        else { return false }
        var position = start + 8
        if text[position] == UInt8(ascii: ".") {
            let end = endOfDigits(text, from: position + 1)
            guard end > position + 1 else { return false }
            position = end
        }
        guard let offset = offsetMinutes(text, from: position) else { return false }
        let day = 24 * 60
        return second < 60 || (hour * 60 + minute - offset + day) % day == day - 1
    }

    private static func offsetMinutes(_ text: Span<UInt8>, from start: Int) -> Int? {
        switch text.count - start {
        case 1: return text[start] | 0x20 == UInt8(ascii: "z") ? 0 : nil
        case 6:
            let isWest = text[start] == UInt8(ascii: "-")
            guard isWest || text[start] == UInt8(ascii: "+"), text[start + 3] == UInt8(ascii: ":"),
                let hours = digits(text, start + 1, count: 2), let minutes = digits(text, start + 4, count: 2),
                hours < 24, minutes < 60
            else { return nil }
            return (hours * 60 + minutes) * (isWest ? -1 : 1)
        default: return nil
        }
    }

    /// `duration` of RFC 3339 appendix A: units in order without a gap between them (`P1Y2D` is none), weeks alone,
    /// no fractions. Letters must be capitals, as in ISO 8601.
    static func isDuration(_ text: Span<UInt8>) -> Bool {
        guard text.count >= 3, text[0] == UInt8(ascii: "P") else { return false }
        var position = 1
        var previous: Int?
        var isInTime = false
        while position < text.count {
            if text[position] == UInt8(ascii: "T"), !isInTime, position + 1 < text.count {
                isInTime = true
                previous = nil
                position += 1
            }
            let end = endOfDigits(text, from: position)
            guard end > position, end < text.count else { return false }
            if text[end] == UInt8(ascii: "W") { return position == 1 && end + 1 == text.count }
            guard let rank = rank(of: text[end], isInTime: isInTime),
                previous == nil || rank == previous.map({ $0 + 1 })
            else { return false }
            previous = rank
            position = end + 1
        }
        return true
    }

    private static func rank(of unit: UInt8, isInTime: Bool) -> Int? {
        switch unit {
        case UInt8(ascii: "Y") where !isInTime, UInt8(ascii: "H") where isInTime: 0
        case UInt8(ascii: "M"): 1
        case UInt8(ascii: "D") where !isInTime, UInt8(ascii: "S") where isInTime: 2
        default: nil
        }
    }

    /// The value of digits, nil when other bytes are there or the text is over.
    private static func digits(_ text: Span<UInt8>, _ start: Int, count: Int) -> Int? {
        guard start + count <= text.count else { return nil }
        var value = 0
        for position in start..<start + count {
            let digit = text[position] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }

    private static func endOfDigits(_ text: Span<UInt8>, from start: Int) -> Int {
        var position = start
        while position < text.count, text[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        return position
    }
}
