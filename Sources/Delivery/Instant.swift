/// A moment on a clock that only goes forward, as the time since an epoch the driver chose.
///
/// Delivery has no clock: the driver reads its own (a `ContinuousClock`, or a test's manual one) and passes the
/// result in. Instants of different epochs must not be mixed. Never wall-clock time, which can go backwards.
package struct Instant: InstantProtocol, Hashable, Sendable {
    /// Time since the driver's epoch; zero or more in practice, though nothing here depends on it.
    package var sinceEpoch: Duration

    /// The driver's epoch itself.
    package static let epoch = Instant(sinceEpoch: .zero)

    /// The moment this long after the driver's epoch.
    package init(sinceEpoch: Duration) {
        self.sinceEpoch = sinceEpoch
    }

    /// The moment `duration` later, or earlier when it is negative.
    package func advanced(by duration: Duration) -> Instant {
        Instant(sinceEpoch: sinceEpoch + duration)
    }

    /// Time from this moment to `other`; negative when `other` is earlier.
    package func duration(to other: Instant) -> Duration {
        other.sinceEpoch - sinceEpoch
    }

    /// Whether `left` is earlier.
    package static func < (left: Instant, right: Instant) -> Bool {
        left.sinceEpoch < right.sinceEpoch
    }
}
