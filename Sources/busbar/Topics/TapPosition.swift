internal import ArgumentParser
internal import ConnectorKit
internal import Foundation
internal import Log

/// Where reading a topic starts.
enum TapPosition: Sendable, Equatable, ExpressibleByArgument {
    case earliest
    case latest
    case offset(Int64)
    case time(Timestamp)
    /// So long ago.
    case age(Duration)

    init?(argument: String) {
        switch argument {
        case "earliest": self = .earliest
        case "latest": self = .latest
        default:
            if let offset = Int64(argument), offset >= 0 {
                self = .offset(offset)
            } else if let age = ScalarGrammar.duration(argument) {
                self = .age(age)
            } else if let time = Self.time(argument) {
                self = .time(time)
            } else {
                return nil
            }
        }
    }

    /// RFC 3339, with or without fractions of a second.
    private static func time(_ text: String) -> Timestamp? {
        for style in [Date.ISO8601FormatStyle(includingFractionalSeconds: true), Date.ISO8601FormatStyle()] {
            do {
                let date = try style.parse(text)
                return Timestamp(milliseconds: Int64((date.timeIntervalSince1970 * 1000).rounded()))
            } catch {
                continue  // The other form is tried.
            }
        }
        return nil
    }

    var defaultValueDescription: String {
        switch self {
        case .earliest: "earliest"
        case .latest: "latest"
        case .offset(let offset): "\(offset)"
        case .time(let time): "\(time)"
        case .age(let age): ScalarGrammar.text(age)
        }
    }
}
