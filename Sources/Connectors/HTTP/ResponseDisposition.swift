internal import Delivery
internal import Log

/// What a response's status means for the records of its request.
///
/// | status | answer |
/// |---|---|
/// | 2xx | delivered |
/// | 3xx | reject `target_4xx`: redirects are not followed |
/// | 401, 407 | pause `auth`: nothing is burnt while a token is renewed |
/// | 403 | reject `permission`; with Retry-After it is a rate limit (GitHub's secondary limit) |
/// | 408, 504 | retry `timeout` |
/// | 409 | with an idempotency key the first request is still in progress (draft-ietf-httpapi-idempotency-key-header): retry; else reject |
/// | 413 | reject `too_large` |
/// | 425 | retry `target_4xx` |
/// | 429 | retry `rate_limit` |
/// | other 4xx | reject `target_4xx` |
/// | other 5xx | retry `target_5xx` |
/// | anything else | reject `unknown` |
///
/// Every retry honours Retry-After, at most an hour of it.
enum ResponseDisposition {
    static let longestWait = Duration.seconds(3600)

    static func classify(
        status: Int,
        retryAfter: String?,
        now: Timestamp,
        conflictIsInProgress: Bool
    ) -> SinkResult {
        let detail = "HTTP \(status)"
        let after = retryAfter.flatMap { RetryAfterHeader.parse($0, now: now) }.map { min($0, longestWait) }
        return switch status {
        case 200...299: .delivered
        case 300...399: .reject(.target4xx, detail: "\(detail): redirects are not followed; set url to where it points")
        case 401, 407: .pause(.credentials, detail: "\(detail): the target refuses the credentials")
        case 403 where after != nil: .retry(.rateLimit, after: after, detail: detail)
        case 403: .reject(.permission, detail: detail)
        case 408, 504: .retry(.timeout, after: after, detail: detail)
        case 409 where conflictIsInProgress: .retry(.target4xx, after: after, detail: detail)
        case 413: .reject(.tooLarge, detail: detail)
        case 425: .retry(.target4xx, after: after, detail: detail)
        case 429: .retry(.rateLimit, after: after, detail: detail)
        case 400...499: .reject(.target4xx, detail: detail)
        case 500...599: .retry(.target5xx, after: after, detail: detail)
        default: .reject(.unknown, detail: "\(detail) is no final status")
        }
    }
}

/// `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date in the form that senders must use.
enum RetryAfterHeader {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// - Returns: `nil` for what is neither; zero for a date that has passed.
    static func parse(_ value: String, now: Timestamp) -> Duration? {
        let text = value.trimmed
        if !text.isEmpty, text.utf8.allSatisfy(isDigit) {
            return .seconds(Int64(text) ?? Int64(Int32.max))
        }
        guard let date = seconds(ofDate: text) else { return nil }
        return max(.zero, .milliseconds(date * 1000 - now.rawValue))
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT` in seconds since 1970.
    private static func seconds(ofDate text: String) -> Int64? {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 6, parts[0].hasSuffix(","), parts[5] == "GMT" else { return nil }
        let clock = parts[4].split(separator: ":").compactMap { number(String($0), digits: 2) }
        guard
            let day = number(parts[1], digits: 2), (1...31).contains(day),
            let month = months.firstIndex(of: parts[2]),
            let year = number(parts[3], digits: 4),
            clock.count == 3, clock[0] < 24, clock[1] < 60, clock[2] < 61
        else { return nil }
        return days(year, Int64(month) + 1, day) * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
    }

    /// Days since 1970-01-01 (Howard Hinnant's `days_from_civil`, for years from 0).
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func number(_ text: String, digits: Int) -> Int64? {
        text.utf8.count == digits && text.utf8.allSatisfy(isDigit) ? Int64(text) : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}

extension String {
    /// Without spaces and tabs at the ends.
    fileprivate var trimmed: String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let rest = drop(while: isSpace)
        return String(rest.reversed().drop(while: isSpace).reversed())
    }
}
