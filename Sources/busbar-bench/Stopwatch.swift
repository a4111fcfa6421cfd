internal import Glibc

/// Wall clock and process CPU since it was made.
struct Stopwatch {
    private let wall = ContinuousClock.now
    private let cpu = Stopwatch.processSeconds

    func sample(_ count: Int) -> Sample {
        Sample(
            count: count,
            seconds: wall.duration(to: .now) / .seconds(1),
            cpu: Self.processSeconds - cpu
        )
    }

    /// CPU time of all threads; `clock(3)` counts in microseconds (POSIX fixes CLOCKS_PER_SEC).
    private static var processSeconds: Double { Double(clock()) / 1e6 }
}

/// A measurement that cannot be trusted is no measurement.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
