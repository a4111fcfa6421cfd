internal import Foundation
internal import LocalStack
internal import ServiceLifecycle
internal import UnixSignals

/// One use of the stack: started, used, and always ended.
package struct DevSession: Sendable {
    private let layout: DevStack.Layout

    package init(_ layout: DevStack.Layout) {
        self.layout = layout
    }

    /// Sends the day and reports what became of them.
    /// - Throws: what kept the stack from starting or going on. Nothing is left running.
    package func runOnce() async throws -> DemoReport {
        try await whileUp { stack in
            let report = try await DemoRun(stack).run()
            try await keepDeadLetters(report, stack)
            return report
        }
    }

    /// Sends the day, reports, and stays up until SIGINT or SIGTERM.
    /// - Parameters:
    ///   - report: told what became of the day.
    ///   - say: told what to tell the user.
    /// - Throws: what kept the stack from starting or going on. Nothing is left running.
    package func runAndStayUp(
        report: @Sendable (DemoReport) -> Void,
        say: @Sendable (String) -> Void
    ) async throws {
        try await whileUp { stack in
            report(try await DemoRun(stack).run())
            say(stack.introduction)
            for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { return }
        }
    }

    private func keepDeadLetters(_ report: DemoReport, _ stack: DevStack) async throws {
        for topic in report.deadLetterTopics { _ = try await stack.keepDeadLetters(of: topic) }
    }

    /// Runs until SIGINT or SIGTERM.
    /// - Parameter say: told what to tell the user.
    /// - Throws: what kept the stack from starting or ending.
    package func stayUp(_ say: @Sendable (String) -> Void) async throws {
        try await whileUp { stack in
            say(stack.introduction)
            for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { return }
        }
    }

    private func whileUp<R: Sendable>(_ body: (DevStack) async throws -> R) async throws -> R {
        let stack = try await DevStack.start(layout)
        let result: Result<R, any Error>
        do {
            result = .success(try await body(stack))
        } catch {
            result = .failure(error)
        }
        try await stack.stop()
        return try result.get()
    }
}

extension DevStack {
    /// What a user needs to know of a running stack.
    var introduction: String {
        """
        webhook      \(webhookURL)   (secret: \(secrets.webhook))
        worker       \(workerURL)/readyz   /metrics   /connectors
        registry     \(registryURL)/subjects
        tickets      \(ticketsURL)/api/tickets
        broker       \(broker.address)
        logs         \(layout.folder.path)
        dead letters busbar tap github-events.dlq --from earliest --brokers \(broker.address)
        Ctrl-C ends everything.
        """
    }
}
