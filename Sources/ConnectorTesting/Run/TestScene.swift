internal import ConnectorKit
internal import Log

/// Where one test takes place: its time, its log, its targets.
struct TestScene: Sendable {
    let clock = SteppingClock()
    let faults: FaultScript
    let ledger = TargetLedger()
    let log: InMemoryLog

    init(_ test: ConnectorTest) {
        faults = FaultScript(test.faults)
        let clock = clock
        // The log's waits only bound polling; in real time, but shorter, they never hold up a test.
        let options = InMemoryLog.Options(now: { clock.timestamp }, sleep: { try await Task.sleep(for: $0 / 20) })
        log = InMemoryLog(options)
    }
}
