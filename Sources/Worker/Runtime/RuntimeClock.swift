package import Delivery
internal import Glibc
package import Log

/// The clocks a driver lives by: a monotonic one for waits and schedules, the wall clock for what people read.
///
/// Schedules never use the wall clock, so that a clock jump neither fires nor delays a retry.
package struct RuntimeClock: Sendable {
    /// Time on the monotonic clock since an epoch of its own.
    package var now: @Sendable () -> Instant
    /// Suspends for the given time; throws `CancellationError` when the task is cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void
    /// The time of day.
    package var wallTime: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - clock: the monotonic clock.
    ///   - wallTime: the time of day.
    package init<C: Clock>(_ clock: C, wallTime: @escaping @Sendable () -> Timestamp) where C.Duration == Duration {
        let epoch = clock.now
        now = { Instant(sinceEpoch: epoch.duration(to: clock.now)) }
        sleep = { try await clock.sleep(for: $0, tolerance: nil) }
        self.wallTime = wallTime
    }

    /// The system's clocks.
    package static let system = RuntimeClock(ContinuousClock()) { Timestamp.now() }
}

extension Timestamp {
    /// The time of day by the system's clock.
    package static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
