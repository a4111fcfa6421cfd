internal import ArgumentParser

/// `busbar-bench`: measurements, each next to a reference in the same run.
@main
struct BusbarBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "busbar-bench",
        abstract: "Measures busbar next to a reference in the same run.",
        discussion: """
            Example: busbar-bench consume --runs 7 --json

            Runs of the contestants alternate, the first of each is thrown away, messages are counted where they \
            arrive, and every figure is a median with its spread. Figures mean something in a release build on a quiet \
            machine only.
            """,
        subcommands: [
            Consume.self, Produce.self, Copy.self, Pipeline.self, BrokerBench.self, WorkerStart.self, Allocations.self,
            Validate.self, Compat.self, MockBroker.self,
        ]
    )
}

/// What every bench has.
struct BenchOptions: ParsableArguments {
    @Option(help: "Counted runs of each contestant.")
    var runs = 7

    @Flag(help: "One JSON object per figure and line.")
    var json = false

    func validate() throws {
        guard runs > 0 else { throw ValidationError("--runs must be 1 or more") }
    }

    func print(_ figures: [Figure]) throws {
        for figure in figures { Swift.print(json ? try figure.json() : figure.text) }
    }
}
