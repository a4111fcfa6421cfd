internal import Foundation

/// Reads configuration from disk. Blocks; for start-up and commands, not for hot paths.
package enum ConfigurationDisk {
    /// Longest file that is read, in bytes: what a configuration file may have, and far more than a secret needs.
    package static let longest = 1 << 20

    /// The text of the file at `path`; `nil` when there is none.
    /// - Throws: ``Diagnostic`` with ``DiagnosticCode/unreadableFile`` or ``DiagnosticCode/tooLarge``, without content.
    @Sendable
    package static func read(_ path: String) throws(Diagnostic) -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let place = ConfigLocation(origin: path)
        let data: Data
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            data = try file.read(upToCount: longest + 1) ?? Data()
            try file.close()
        } catch {
            let reason = (error as NSError).localizedDescription
            throw Diagnostic(
                .unreadableFile,
                at: place,
                "the file cannot be read: \(reason)",
                fix: "Check that it is a file, and its permissions."
            )
        }
        guard data.count <= longest else {
            throw Diagnostic(.tooLarge, at: place, "the file has more than \(longest) bytes", fix: "Name another file.")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw Diagnostic(.unreadableFile, at: place, "the file is not UTF-8", fix: "Save it as UTF-8.")
        }
        return text
    }

    /// Whether there is a file or folder at `path`.
    @Sendable
    package static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path)
    }
}

extension ConnectorFile {
    /// Reads, decodes and checks the file at `path`; what keeps it from being read is a finding too.
    package init(path: String, catalogue: ConnectorCatalogue, environment: LintEnvironment) {
        do {
            if let text = try ConfigurationDisk.read(path) {
                self.init(text, file: path, catalogue: catalogue, environment: environment)
            } else {
                let place = ConfigLocation(origin: path)
                self.init(
                    failure: Diagnostic(.unreadableFile, at: place, "there is no such file", fix: "Correct the path.")
                )
            }
        } catch {
            self.init(failure: error)
        }
    }
}
