import Foundation
import LogStorage
import Testing

@Suite struct POSIXDiskTests {
    @Test func aLogOnTheMachinesDiskSurvivesReopeningAndGoesWhenDeleted() throws {
        let root = FileManager.default.temporaryDirectory.path + "/busbar-log-\(UUID().uuidString)"
        let directory = root + "/deep/t-0"
        let disk = POSIXDisk()
        let log = try openLog(disk, directory: directory)
        for index in 0..<100 { try log.write(Batches.batch(["v\(index)"])) }
        let expected = try log.records()
        let slice = try log.read(from: 0, maxBytes: 1 << 20, minOneBatch: true, isolation: .uncommitted)
        #expect(slice.file.descriptor >= 0)
        let crashed = try openLog(disk, directory: directory)
        #expect(try crashed.records() == expected)
        try crashed.close(clean: true)
        let clean = try openLog(disk, directory: directory)
        #expect(clean.recovery.wasClean)
        #expect(try clean.records() == expected)
        try clean.delete()
        #expect(!FileManager.default.fileExists(atPath: directory))
        #expect(try slice.bytes().count == slice.count)
        try FileManager.default.removeItem(atPath: root)
    }

    @Test func errorsSayWhatFailedWhere() throws {
        do {
            _ = try POSIXDisk().open("/nonexistent/file", create: true)
            Issue.record("it opened")
        } catch {
            #expect(error.code == .notFound)
            #expect(error.description == "/nonexistent/file: open: No such file or directory [not_found]")
        }
    }
}
