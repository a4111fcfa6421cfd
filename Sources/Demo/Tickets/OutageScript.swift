/// When the ticket system misbehaves, counted in requests: the n-th request to a `POST` route meets the same fate whatever
/// its content and whenever it comes.
package struct OutageScript: Sendable, Hashable {
    /// What happens to a request.
    package enum Fate: Sendable, Hashable {
        /// Answered with the status and, where given, `Retry-After` in seconds; nothing is done.
        case status(Int, retryAfter: Int?)
        /// Done, and answered only after ``OutageScript/longestHang``: the client has given up by then, and cannot know.
        case hang
    }

    /// Requests from the first to the last, from 1.
    package struct Window: Sendable, Hashable {
        package let requests: ClosedRange<Int>
        package let fate: Fate

        package init(_ requests: ClosedRange<Int>, _ fate: Fate) {
            self.requests = requests
            self.fate = fate
        }
    }

    package static let longestHang = Duration.seconds(120)

    /// The first that holds a request decides.
    package let windows: [Window]

    package init(_ windows: [Window]) {
        self.windows = windows
    }

    /// All is well.
    package static let none = OutageScript([])

    /// Sixteen refusals with 503, ten with 429 and `Retry-After: 1`, and three requests that hang. Needs 95 requests
    /// for all of it.
    package static let standard = OutageScript([
        Window(60...75, .status(503, retryAfter: nil)),
        Window(76...85, .status(429, retryAfter: 1)),
        Window(89...89, .hang), Window(92...92, .hang), Window(95...95, .hang),
    ])

    /// ``standard`` for a day with enough requests, else an outage of the same kinds that fits into it.
    package static func fitting(requests: Int) -> OutageScript {
        guard requests < 100 else { return standard }
        let length = max(1, requests / 8)
        let start = max(1, requests / 4)
        return OutageScript([
            Window(start...(start + length - 1), .status(503, retryAfter: nil)),
            Window((start + length)...(start + 2 * length - 1), .status(429, retryAfter: 1)),
            Window((start + 2 * length + 1)...(start + 2 * length + 1), .hang),
        ])
    }

    /// `nil` for a request that is served.
    package func fate(ofRequest number: Int) -> Fate? {
        windows.first { $0.requests.contains(number) }?.fate
    }
}
