internal import ConnectorKit

/// Why a built-in source or sink cannot be made or cannot go on.
package struct ConnectorError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The closed set of causes.
    package enum Code: String, Sendable, CaseIterable {
        /// A setting has a value that cannot work; ``ConnectorError/setting`` names it.
        case invalidSetting
        /// The listener's address cannot be bound.
        case cannotListen
        /// Two connectors of one worker claim the same path of one listener.
        case pathTaken
        /// A file cannot be opened or read.
        case fileUnreadable
        /// A line of the input file is longer than the limit.
        case lineTooLong
        /// A stored position is not one that this source wrote.
        case positionUnreadable
        /// A source that cannot ask its sender again had a record refused.
        case recordRefused
        /// The cluster that is mirrored does not answer, or not as it must.
        case sourceUnavailable
        /// The cluster that is mirrored is not the one it has to be.
        case wrongCluster
        /// A topic has another number of partitions in the two clusters.
        case partitionsDiffer
        /// A partition of the mirrored cluster ends before what was read of it.
        case sourceWentBack
    }

    /// Which of the causes.
    package let code: Code
    /// The option as the connector file calls it, where one is to blame.
    package let setting: String?
    /// What happened, with the value, and what to do about it. Never holds payloads or secrets.
    package let message: String

    /// `message` must hold neither payloads nor secrets.
    package init(_ code: Code, setting: String? = nil, _ message: String) {
        self.code = code
        self.setting = setting
        self.message = message
    }

    /// `<setting>: <message> [<code>]`.
    package var description: String {
        setting.map { "\($0): \(message) [\(code.rawValue)]" } ?? "\(message) [\(code.rawValue)]"
    }

    static func invalid(_ setting: String, _ message: String) -> ConnectorError {
        ConnectorError(.invalidSetting, setting: setting, message)
    }

    /// Checks that `value` lies in `range`, in the words of a configuration error.
    static func check<T: Comparable>(
        _ setting: String,
        _ value: T,
        in range: ClosedRange<T>
    ) throws(ConnectorError) {
        guard range.contains(value) else {
            throw invalid(setting, "\(value) is out of range; allowed is \(range.lowerBound) to \(range.upperBound).")
        }
    }
}

extension ConnectorError {
    /// The same, as a finding about a connector file.
    func diagnostic(at location: ConfigLocation) -> Diagnostic {
        Diagnostic(.invalidValue, at: location, setting.map { "`\($0)`: \(message)" } ?? message)
    }
}
