internal import FoundationEssentials
package import Log

/// Times as RFC 3339 writes them, in UTC with milliseconds: `2026-11-22T15:04:05.678Z`.
package enum RFC3339 {
    /// The text of `time`.
    package static func string(_ time: Timestamp) -> String {
        let date = Date(timeIntervalSince1970: Double(time.rawValue) / 1000)
        return date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
