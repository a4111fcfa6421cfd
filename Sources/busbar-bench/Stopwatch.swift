internal import Glibc

/// Wall clock and process CPU since it was made.
struct Stopwatch {
    private let wall = Stopwatch.seconds(of: CLOCK_MONOTONIC)
    private let cpu = Stopwatch.seconds(of: CLOCK_PROCESS_CPUTIME_ID)

    func sample(_ count: Int) -> Sample {
        Sample(
            count: count,
            seconds: Self.seconds(of: CLOCK_MONOTONIC) - wall,
            cpu: Self.seconds(of: CLOCK_PROCESS_CPUTIME_ID) - cpu
        )
    }

    private static func seconds(of clock: clockid_t) -> Double {
        var now = timespec()
        clock_gettime(clock, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }
}

/// A measurement that cannot be trusted is no measurement.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
