/// So many in a time, for example `50/s`.
public struct Rate: Sendable, Hashable, CustomStringConvertible {
    /// At least 1.
    public var count: Int
    /// One second, minute or hour.
    public var interval: Duration

    /// `count` per second, minute or hour.
    public init(_ count: Int, per interval: Duration) {
        self.count = count
        self.interval = interval
    }

    /// As it is written in files.
    public var description: String {
        switch interval {
        case .seconds(60): "\(count)/m"
        case .seconds(3600): "\(count)/h"
        default: "\(count)/s"
        }
    }
}
