internal import Foundation

/// Colours, where somebody can see them: on a terminal, unless `NO_COLOR` is set (no-color.org) or it is a dumb one.
struct Style: Sendable {
    private let isOn: Bool

    /// For what goes to file descriptor `descriptor`.
    init(descriptor: Int32 = STDOUT_FILENO, environment: [String: String] = ProcessInfo.processInfo.environment) {
        let isRefused = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        isOn = isatty(descriptor) == 1 && !isRefused && environment["TERM"] != "dumb"
    }

    func red(_ text: String) -> String { painted(text, 31) }
    func green(_ text: String) -> String { painted(text, 32) }
    func yellow(_ text: String) -> String { painted(text, 33) }
    func dim(_ text: String) -> String { painted(text, 2) }
    func bold(_ text: String) -> String { painted(text, 1) }

    private func painted(_ text: String, _ code: Int) -> String {
        isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
