import Foundation
import Logging

/// A folder that is gone with the test.
final class KeyFolder: Sendable {
    let url = FileManager.default.temporaryDirectory.appending(path: "busbar-tokens-\(UUID().uuidString)")

    init() {
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            preconditionFailure("no temporary folder: \(error)")
        }
    }

    deinit {
        do {
            try FileManager.default.removeItem(at: url)
        } catch {
            print("\(url.path) was left behind: \(error)")
        }
    }
}

extension Logger {
    /// Says nothing.
    static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
