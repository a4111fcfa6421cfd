internal import Contracts
internal import JSON

/// What became of a pin, as text and JSON.
struct PinView {
    enum State: String {
        case pinned, unchanged, replaced
        /// Of a check.
        case intact, broken
    }

    let state: State
    private let pin: ReferencePins.Pin
    private let file: String
    private let message: String?

    init(_ pin: ReferencePins.Pin, _ state: State, in folder: PinFolder, message: String? = nil) {
        self.pin = pin
        self.state = state
        self.message = message
        file = "\(folder.folder)/\(pin.file)"
    }

    /// Whether the copy is what was pinned.
    init(verdictOn pin: ReferencePins.Pin, in folder: PinFolder) {
        do throws(ContractError) {
            _ = try folder.bytes(of: pin)
            self.init(pin, .intact, in: folder)
        } catch {
            self.init(pin, .broken, in: folder, message: "\(error)")
        }
    }

    /// `pinned     https://example.org/a.json  schemas/.references/….json`.
    var text: String {
        let label = state.rawValue + String(repeating: " ", count: 11 - state.rawValue.count)
        return label + pin.uri + "  " + file + (message.map { "\n           \($0)" } ?? "")
    }

    var json: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("v", 1)
            writer.member("uri", pin.uri)
            writer.member("sha256", pin.sha256)
            writer.member("file", file)
            writer.member("state", state.rawValue)
            writer.member("message", message.map(JSON.string) ?? .null)
        }
        return writer.text
    }
}
