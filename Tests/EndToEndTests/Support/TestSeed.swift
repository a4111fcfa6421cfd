import Foundation

/// The seed of this run's random choices: another one each time, or `E2E_SEED`, which repeats a run.
enum TestSeed {
    static let value: UInt64 =
        ProcessInfo.processInfo.environment["E2E_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0..<1 << 32)
}
