internal import Delivery

/// Makes a piece of a target's answer fit to be shown.
enum ResponseExcerpt {
    /// Control characters become spaces, invalid UTF-8 becomes U+FFFD, and white space at the ends goes.
    static func clean(_ bytes: [UInt8]) -> String {
        var text = ""
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: text.unicodeScalars.append(" ")
            default: text.unicodeScalars.append(scalar)
            }
        }
        let words = text.split(separator: " ", omittingEmptySubsequences: true)
        return words.joined(separator: " ")
    }
}

extension SinkResult {
    /// The same answer, with what the target said behind its detail.
    func quoting(_ excerpt: String) -> SinkResult {
        switch self {
        case .delivered: self
        case .retry(let reason, let after, let detail): .retry(reason, after: after, detail: "\(detail): \(excerpt)")
        case .reject(let reason, let detail): .reject(reason, detail: "\(detail): \(excerpt)")
        case .pause(let reason, let detail): .pause(reason, detail: "\(detail): \(excerpt)")
        case .fatal(let detail): .fatal(detail: "\(detail): \(excerpt)")
        }
    }
}
