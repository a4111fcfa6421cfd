internal import ArgumentParser
internal import Contracts

/// `busbar schema pin`: remote documents that contracts may refer to.
struct SchemaPinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pin",
        abstract: "Pins a remote document that contracts refer to, or checks what is pinned.",
        discussion: """
            Example: busbar schema pin https://example.org/schemas/money.json

            Fetches the document once, keeps a copy in the folder of contracts, and writes its SHA-256 to \
            references.lock.json there. Nothing else of busbar ever fetches what a schema refers to: it reads the copy, and \
            refuses one that is not what was pinned. Commit both files.

            Only https, unless --allow-http; no redirects; at most 8 MiB; 30 seconds. With --file the document is a file of \
            this machine, for URIs that cannot be fetched. A document that is another one than what is pinned needs \
            --replace.

            With --check every copy is compared with its pin; nothing is fetched. With --json each pin is a line: {"v":1, \
            "uri", "sha256", "file", "state", "message"}, where state is pinned, unchanged or replaced, and with --check \
            intact or broken.

            Exit codes: 0 done, 1 the document cannot be had, 2 it is not what is pinned, 64 usage, 78 the pins cannot be \
            used.
            """
    )

    @Option(help: "Folder of the contracts.")
    var schemas = "schemas"

    @Option(help: ArgumentHelp("Take the document from a file.", valueName: "path"))
    var file: String?

    @Flag(help: "Fetch over http too.")
    var allowHTTP = false

    @Flag(help: "Pin what is there now in place of what is pinned.")
    var replace = false

    @Flag(help: "Compare every copy with its pin.")
    var check = false

    @Flag(help: "Print the result as JSON.")
    var json = false

    @Argument(help: ArgumentHelp("What $ref says, without its fragment.", valueName: "uri"))
    var uri: String?

    func validate() throws {
        if check, uri != nil || file != nil || replace || allowHTTP {
            throw ValidationError("--check is about all pins: it takes --schemas and --json only")
        }
        if !check, uri == nil { throw ValidationError("name what to pin, or --check") }
    }

    func run() async throws {
        try await reportingFailures {
            do {
                if let uri { try await pin(uri) } else { try checkPins() }
            } catch let error as ContractError {
                throw CommandFailure(error.code == .invalidReference ? .usage : .configuration, "\(error)")
            }
        }
    }

    private func checkPins() throws {
        let folder = PinFolder(schemas)
        let verdicts = try folder.pins().all.map { PinView(verdictOn: $0, in: folder) }
        for verdict in verdicts { Output.line(json ? verdict.json : verdict.text) }
        let broken = verdicts.count { $0.state == .broken }
        if !json { Output.note("\(counted(verdicts.count, "pin")): \(broken) broken") }
        if broken > 0 { throw ExitCode.found }
    }

    private func pin(_ text: String) async throws {
        let uri = try ReferencePins.uri(text)
        let folder = PinFolder(schemas)
        let before = try folder.pins()[uri]
        let bytes = try await document(uri)
        let isSame = before.map { $0.sha256 == ReferencePins.sha256(bytes) }
        if isSame == false, !replace {
            throw CommandFailure(
                .found,
                "'\(uri)' is pinned to SHA-256 \(before?.sha256 ?? ""), and what is there now has "
                    + "\(ReferencePins.sha256(bytes)); --replace pins that, which changes every version that refers to it"
            )
        }
        let pin = try folder.pin(uri, to: bytes)
        let view = PinView(pin, isSame == nil ? .pinned : (isSame == true ? .unchanged : .replaced), in: folder)
        Output.line(json ? view.json : view.text)
        noteWhatIsMissing(pin, bytes, folder)
    }

    private func document(_ uri: String) async throws -> [UInt8] {
        let source = file.map { PinnedDocument.file($0) } ?? .remote(uri, allowsHTTP: allowHTTP)
        return try await source.read()
    }

    /// What the document needs in its turn, as far as somebody refers to the whole of it.
    private func noteWhatIsMissing(_ pin: ReferencePins.Pin, _ bytes: [UInt8], _ folder: PinFolder) {
        do throws(ContractError) {
            _ = try Contract(compiling: bytes, uri: pin.uri, resolver: folder.resolver { _ in nil })
        } catch {
            var placed = error
            placed.file = "\(folder.folder)/\(pin.file)"
            Output.note("busbar: the document cannot be used as a schema by itself: \(placed)")
        }
    }
}
