import Delivery
import Testing

@Suite struct ConnectorLifecycleTests {
    private func running() -> ConnectorLifecycle {
        var connector = ConnectorLifecycle()
        _ = connector.onStarted()
        return connector
    }

    @Test func startsRunsDrainsAndStops() {
        var connector = ConnectorLifecycle()
        #expect(!connector.isReady)
        let actions = [connector.onStarted(), connector.onStop(), connector.onDrained()]
        #expect(actions == [.run, .drain, .close])
        #expect(connector.state == .stopped)
        #expect(connector.isReady, "stopped is what was wanted")
    }

    @Test func runsAgainWhenTheLastReasonToPauseIsGone() {
        var connector = running()
        let paused = [connector.onPause(.credentials), connector.onPause(.circuitOpen)]
        #expect(paused == [.pause, .nothing])
        #expect(connector.state == .paused([.credentials, .circuitOpen]))
        #expect(!connector.isReady)
        let resumed = [
            connector.onResume(.credentials), connector.onResume(.credentials), connector.onResume(.circuitOpen),
        ]
        #expect(resumed == [.nothing, .nothing, .resume])
        #expect(connector.isReady)
    }

    @Test func anOperatorsPauseIsReadyUnlessSomethingElseIsWrong() {
        var connector = running()
        _ = connector.onPause(.operator)
        #expect(connector.desired == .paused && connector.isReady)
        _ = connector.onPause(.deadLetters)
        #expect(!connector.isReady)
        _ = connector.onResume(.operator)
        #expect(connector.desired == .running && !connector.isReady)
    }

    @Test func aReasonGivenBeforeTheStartCountsFromTheStart() {
        var connector = ConnectorLifecycle()
        let early = connector.onPause(.operator)
        let started = connector.onStarted()
        #expect([early, started] == [.nothing, .nothing])
        #expect(connector.state == .paused([.operator]))
        let resumed = connector.onResume(.operator)
        #expect(resumed == .resume)
    }

    @Test func aFailureWhileDrainingIsAFailure() {
        var connector = running()
        _ = connector.onStop()
        let action = connector.onFailure("commit refused")
        #expect(action == .close)
        #expect(connector.state == .failed(detail: "commit refused"))
        let late = connector.onDrained()
        #expect(late == .nothing)
    }

    @Test func aRestartKeepsAnOperatorsPauseAndForgetsOtherReasons() {
        var connector = running()
        _ = connector.onPause(.operator)
        _ = connector.onPause(.credentials)
        _ = connector.onFailure("x")
        let restarted = connector.onRestart()
        #expect(restarted == .open)
        _ = connector.onStarted()
        #expect(connector.state == .paused([.operator]))
    }

    @Test func stoppingBeforeTheStartClosesAtOnce() {
        var connector = ConnectorLifecycle()
        let actions = [connector.onStop(), connector.onStarted(), connector.onStop()]
        #expect(actions == [.close, .nothing, .nothing])
        #expect(connector.state == .stopped)
    }

    /// What the driver is doing must follow from the actions alone, whatever the events.
    @Test(arguments: Seed.all)
    func actionsAloneKeepTheDriverInStep(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var connector = ConnectorLifecycle()
        var (isOpen, isFlowing) = (true, false)
        for step in 0..<20_000 {
            let reason = PauseReason.allCases[random.int(0...PauseReason.allCases.count - 1)]
            let action =
                switch random.int(0...15) {
                case 0...2: connector.onStarted()
                case 3...6: connector.onPause(reason)
                case 7...11: connector.onResume(reason)
                case 12: connector.onStop()
                case 13: connector.onDrained()
                case 14: random.chance(30) ? connector.onFailure("x") : .nothing
                default: connector.onRestart()
                }
            switch action {
            case .nothing: break
            case .open: isOpen = true
            case .run, .resume:
                try Disagreement.unless(!isFlowing, "ran twice", step: step, seed: seed)
                isFlowing = true
            case .pause, .drain: isFlowing = false
            case .close: (isOpen, isFlowing) = (false, false)
            }
            let ended =
                switch connector.state {
                case .stopped, .failed: true
                default: false
                }
            try Disagreement.unless(
                isFlowing == (connector.state == .running) && isOpen == !ended,
                "\(action) in \(connector.state)",
                step: step,
                seed: seed
            )
        }
    }
}
