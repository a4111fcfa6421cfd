internal import Foundation
internal import Glibc
internal import Synchronization

/// A progress line on standard error: drawn on a terminal only.
final class Progress: Sendable {
    private struct State {
        var title = ""
        var done = 0
        var total = 0
        var shown = -1
    }

    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let state = Mutex(State())

    /// Begins a part of the work; what was shown before stays above it.
    func begin(_ title: String, total: Int) {
        state.withLock { state in
            if isTerminal, state.shown >= 0 { write("\n") }
            state = State(title: title, done: 0, total: total, shown: -1)
        }
        advance(to: 0)
    }

    func advance(by count: Int = 1) {
        let done = state.withLock { $0.done + count }
        advance(to: done)
    }

    func advance(to done: Int) {
        state.withLock { state in
            state.done = done
            let percent = state.total == 0 ? 100 : min(100, 100 * done / state.total)
            guard isTerminal, percent != state.shown else { return }
            state.shown = percent
            let filled = percent * 30 / 100
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
            write("\r\u{1b}[K\(state.title)  \(bar) \(percent) %  \(state.done)/\(state.total)")
        }
    }

    func end() {
        state.withLock { state in
            if isTerminal, state.shown >= 0 { write("\n") }
            state.shown = -1
        }
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
