internal import ArgumentParser

/// `busbar-bench broker`: the embedded log.
struct BrokerBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broker",
        abstract: "The embedded log: rates, start, memory under a backlog, soak.",
        discussion: """
            Example: busbar-bench broker --peer 127.0.0.1:9092

            Each of them starts busbar-broker in the temporary folder (TMPDIR) and removes its data afterwards.
            """,
        subcommands: [BrokerRates.self, BrokerStart.self, BrokerBacklog.self, BrokerSoak.self],
        defaultSubcommand: BrokerRates.self
    )
}

/// An amount of data: `10GB`, `64MiB`, `1000`.
struct ByteSize: ExpressibleByArgument, CustomStringConvertible {
    let bytes: Int

    private static let units: KeyValuePairs = [
        "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "kB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000, "": 1,
    ]

    init(bytes: Int) {
        self.bytes = bytes
    }

    init?(argument: String) {
        guard let unit = Self.units.first(where: { argument.hasSuffix($0.key) }),
            let number = Int(argument.dropLast(unit.key.count)), number > 0,
            case (let bytes, false) = number.multipliedReportingOverflow(by: unit.value)
        else { return nil }
        self.bytes = bytes
    }

    var description: String {
        let unit = Self.units.first { $0.value > 1 && bytes.isMultiple(of: $0.value) && bytes / $0.value < 1_000 }
        return unit.map { "\(bytes / $0.value)\($0.key)" } ?? "\(bytes)"
    }
}
