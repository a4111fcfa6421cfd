internal import Glibc
package import Log

extension Timestamp {
    /// The time of day of this machine, to the millisecond (clock_gettime(2), CLOCK_REALTIME).
    @Sendable
    package static func wallClock() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
