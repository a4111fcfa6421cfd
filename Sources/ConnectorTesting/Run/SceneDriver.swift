internal import JSON
internal import Log
internal import Logging
internal import Synchronization
internal import Telemetry
internal import Worker

/// Keeps a connector running in a scene, and moves the scene's clock whenever everybody waits.
struct SceneDriver: Sendable {
    /// Real time after which a test is given up.
    private static let patience = Duration.seconds(60)

    /// Tests report what happened; nothing is logged.
    static let silent = Logger(label: "busbar.test") { _ in SwiftLogNoOpLogHandler() }

    private let name: String
    private let scene: TestScene
    private let board = StatusBoard()
    private let runtime: ConnectorRuntime

    /// - Parameters:
    ///   - name: of the connector.
    ///   - scene: where it runs.
    ///   - folder: for its local state.
    ///   - build: makes the connector.
    init(
        _ name: String,
        _ scene: TestScene,
        folder: String,
        build: @escaping @Sendable () async throws -> PlanBuilder.Built
    ) {
        self.name = name
        self.scene = scene
        var limits = DriverLimits()
        limits.commitInterval = .zero
        let clock = scene.clock
        let environment = DriverEnvironment(
            log: scene.log,
            clock: RuntimeClock(clock) { clock.timestamp },
            limits: limits,
            logger: Self.silent,
            board: board,
            meter: ConnectorMeter(connector: name, registry: MetricsRegistry()),
            stateDirectory: folder
        )
        runtime = ConnectorRuntime(name, workerID: "test", environment: environment, build: build)
    }

    /// The connector's line of the status report.
    var status: JSON {
        do throws(JSONError) {
            return try JSON(parsing: StatusReport(board).connectors())
        } catch {
            preconditionFailure("the status report is not JSON: \(error)")
        }
    }

    /// Runs the connector until `isDone`, which is told whether it has ended by itself, then drains it.
    /// - Throws: ``TestFailure`` when the connector fails, or does not come to an end.
    func run(until isDone: (_ hasEnded: Bool) -> Bool) async throws {
        board.add(name)
        let end = RunEnd()
        let running = Task { [runtime] in
            await runtime.run()
            end.mark()
        }
        let result: Result<Void, any Error>
        do {
            try await watch { isDone(end.isReached) }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        let stopping = Task { [runtime] in await runtime.stop() }
        try await drain(until: end)
        await stopping.value
        await running.value
        try result.get()
    }

    private func watch(_ isDone: () -> Bool) async throws {
        let deadline = ContinuousClock.now.advanced(by: Self.patience)
        var stepper = Stepper(scene)
        while !isDone() {
            let status = status
            if status["state"]?.string == "failed" {
                throw TestFailure("the connector failed: \(status["detail"]?.string ?? "")")
            }
            guard ContinuousClock.now < deadline else {
                throw TestFailure("records were still without an outcome after \(Self.patience): \(status)")
            }
            try await stepper.beat()
        }
    }

    /// The drain waits on the scene's clock too.
    private func drain(until end: RunEnd) async throws {
        var stepper = Stepper(scene)
        while !end.isReached { try await stepper.beat() }
    }
}

/// Whether a connector has ended.
private final class RunEnd: Sendable {
    private let state = Mutex(false)

    var isReached: Bool { state.withLock { $0 } }

    func mark() {
        state.withLock { $0 = true }
    }
}

/// Moves a scene's clock when nothing else moves.
private struct Stepper {
    /// Beats of real time without a sign of life after which the clock is moved.
    private static let quietBeats = 3

    private let scene: TestScene
    private var seen = 0
    private var quiet = 0

    init(_ scene: TestScene) {
        self.scene = scene
    }

    /// Waits a millisecond, and steps when nobody has begun or ended to wait for some of them.
    mutating func beat() async throws {
        try await Task.sleep(for: .milliseconds(1))
        let pulse = scene.clock.pulse + scene.faults.attempts
        quiet = pulse == seen ? quiet + 1 : 0
        seen = pulse
        guard quiet >= Self.quietBeats else { return }
        scene.clock.step()
        quiet = 0
    }
}
