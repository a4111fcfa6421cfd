internal import ArgumentParser
internal import Foundation

/// Where the peers of a bench are.
struct PeerOptions: ParsableArguments {
    @Option(help: "Folder that scripts/bench-peers.sh filled.")
    var peers = ".venv-bench"

    @Flag(help: "Without peers.")
    var alone = false

    /// `nil` when they are left out.
    var folder: URL? { alone ? nil : URL(filePath: peers, directoryHint: .isDirectory) }
}
