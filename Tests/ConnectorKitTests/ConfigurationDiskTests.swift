import ConnectorKit
import Foundation
import Testing

@Suite struct ConfigurationDiskTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        try body(folder.path)
    }

    private func write(_ bytes: [UInt8], _ path: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    @Test func readsWhatIsThere() throws {
        try withFolder { folder in
            try write(Array("a: ü\n".utf8), folder + "/a.yaml")
            #expect(try ConfigurationDisk.read(folder + "/a.yaml") == "a: ü\n")
            #expect(try ConfigurationDisk.read(folder + "/b.yaml") == nil)
        }
    }

    @Test func saysWhyAFileCannotBeRead() throws {
        try withFolder { folder in
            try write([0x61, 0xFF], folder + "/latin")
            try write(Array(repeating: 0x61, count: ConfigurationDisk.longest + 1), folder + "/large")
            let codes = ["latin", "large", "."].map { name in
                #expect(throws: Diagnostic.self) { try ConfigurationDisk.read(folder + "/" + name) }?.code
            }
            #expect(codes == [.unreadableFile, .tooLarge, .unreadableFile])
        }
    }

    @Test func aConnectorFileThatIsNotThereIsAFinding() {
        let file = ConnectorFile(
            path: "no/such.yaml",
            catalogue: CatalogueFixture.catalogue,
            environment: CatalogueFixture.offline
        )
        #expect(!file.isUsable)
        #expect(file.diagnostics.map(\.description) == ["no/such.yaml: error: there is no such file [BB1001]"])
    }
}
