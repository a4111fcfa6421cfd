import Foundation
import TestFiles

extension TemporaryFolder {
    /// Changes the bytes of a file.
    func edit(_ name: String, _ change: (inout Data) -> Void) throws {
        let file = url.appendingPathComponent(name)
        var data = try Data(contentsOf: file)
        change(&data)
        try data.write(to: file)
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: path(name))
    }

    /// Copies a journal and its write-ahead log as they are on disk now: what a killed process leaves behind.
    func copyJournal(_ name: String, to copy: String) throws {
        for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: path(name + suffix)) {
            try FileManager.default.copyItem(atPath: path(name + suffix), toPath: path(copy + suffix))
        }
    }
}
