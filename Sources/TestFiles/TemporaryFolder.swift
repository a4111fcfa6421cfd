package import Foundation

/// A folder that is gone with the last reference to it.
package final class TemporaryFolder: Sendable {
    /// Where it is.
    package let url: URL
    /// The same as text.
    package var path: String { url.path }

    /// Makes it; on a machine where that fails no test can run.
    package init() {
        url = FileManager.default.temporaryDirectory.appending(path: "busbar-tests-\(UUID().uuidString)")
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
            print("\(path) was left behind: \(error)")
        }
    }

    /// The path of a file in it.
    package func path(_ name: String) -> String { url.appending(path: name).path }

    /// What is in it, in order.
    package func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }
}
