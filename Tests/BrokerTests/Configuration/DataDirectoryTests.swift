import Foundation
import TestFiles
import Testing

@testable import Broker

@Suite struct DataDirectoryTests {
    private let folder = TemporaryFolder()

    @Test func aSecondBrokerIsToldWhoHoldsTheFolder() throws {
        let first = try DataDirectory(folder.path)
        let error = #expect(throws: BrokerError.self) { try DataDirectory(folder.path) }
        #expect(error?.code == .locked)
        #expect(error?.message.contains("process \(ProcessInfo.processInfo.processIdentifier)") == true)
        first.unlock()
        _ = try DataDirectory(folder.path)
    }

    @Test func aCleanStopIsSeenOnceByTheNextStart() throws {
        let first = try DataDirectory(folder.path)
        #expect(!first.wasStoppedCleanly)
        try first.markCleanStop()
        first.unlock()
        let second = try DataDirectory(folder.path)
        #expect(second.wasStoppedCleanly)
        second.unlock()
        #expect(try !DataDirectory(folder.path).wasStoppedCleanly)
    }

    @Test func aNewerFormatIsRefusedWithWhatToDo() throws {
        try DataDirectory(folder.path).unlock()
        try Data(#"{"format":99,"writtenBy":"9.9.9"}"#.utf8).write(to: URL(filePath: folder.path + "/format.json"))
        let error = #expect(throws: BrokerError.self) { try DataDirectory(folder.path) }
        #expect(error?.code == .incompatibleData)
        #expect(error?.message.contains("9.9.9") == true)
    }

    @Test func aDamagedFileIsAnErrorThatShowsNothingOfIt() throws {
        let file = CrashSafeFile<[String: String]>(folder.path + "/users.json")
        try file.write(["bob": "geheim"])
        #expect(try file.read() == ["bob": "geheim"])
        try Data(#"{"bob": geheim"#.utf8).write(to: URL(filePath: file.path))
        let error = #expect(throws: BrokerError.self) { try file.read() }
        #expect(error?.code == .incompatibleData)
        #expect(error?.description.contains("geheim") == false)
    }
}
