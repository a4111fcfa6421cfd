import Foundation
import JSON
import TestFiles
import Testing

@Suite struct JSONTestSuiteTests {
    static let folder = SharedFiles.present("data/JSONTestSuite/test_parsing")

    @Test(.enabled(if: folder != nil, "the shared folder with JSONTestSuite is absent"))
    func acceptsAndRejectsWhatTheSuiteSays() throws {
        let files = try SharedFiles.files(in: #require(Self.folder), suffix: ".json")
        #expect(files.count > 300)
        let parser = JSONParser()
        var either: [String] = []
        for file in files {
            let name = file.lastPathComponent
            let bytes = [UInt8](try Data(contentsOf: file))
            let failure = parser.failure(bytes)
            switch name.prefix(2) {
            case "y_": #expect(failure == nil, "\(name): \(failure.map(String.init(describing:)) ?? "")")
            case "n_": #expect(failure != nil, "\(name) was accepted")
            default: either.append("\(name) \(failure.map { $0.code.rawValue } ?? "accepted")")
            }
        }
        #expect(either.count == 35)
        print(either.joined(separator: "\n"))
    }
}

extension JSONParser {
    /// Why the bytes are no document, nil when they are one.
    func failure(_ bytes: [UInt8]) -> JSONError? {
        do {
            try withDocument(bytes) { _ in }
            return nil
        } catch let error as JSONError {
            return error
        } catch {
            Issue.record("an error of another type left the parser: \(error)")
            return nil
        }
    }
}
