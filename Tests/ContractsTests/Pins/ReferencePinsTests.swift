import Contracts
import Foundation
import JSON
import Testing

/// The file that names the pins.
@Suite struct ReferencePinsTests {
    private static let uri = "https://example.org/schemas/money.json"

    @Test func whatIsWrittenIsReadAgain() throws {
        var pins = ReferencePins()
        let pin = pins.pin(Self.uri, to: Array("{}".utf8))
        #expect(pin.sha256 == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")
        #expect(pin.file.hasPrefix(".references/example.org_schemas_money.json-"))
        _ = pins.pin("urn:example:\u{E9}", to: [])
        _ = pins.pin("urn:example:e\u{301}", to: [])
        #expect(pins.all.count == 3)
        #expect(Set(pins.all.map(\.file)).count == 3)
        #expect(pins.all.allSatisfy { ReferencePins.isCopy($0.file) })
        #expect(try ReferencePins(lock: Array(pins.lock.utf8)) == pins)
        #expect(try JSON(parsing: pins.lock)["references"]?[Self.uri]?["sha256"]?.string == pin.sha256)
        #expect(try ReferencePins(lock: Array(ReferencePins().lock.utf8)) == ReferencePins())
        // Another document under the same URI takes the same file's place.
        let other = pins.pin(Self.uri, to: Array("true".utf8))
        #expect(other.file == pin.file && other.sha256 != pin.sha256)
    }

    private static let digits = String(repeating: "0a", count: 32)

    static let faults: [(String, String, Int, Int)] = [
        ("", "the document is empty", 1, 1), ("[]", "the file must hold an object", 1, 1),
        (#"{"references":{}}"#, "'v' must be 1", 1, 1), ("{\n  \"v\": 2}", "'v' must be 1", 2, 8),
        (#"{"v":1}"#, "'references' must be an object", 1, 1),
        (#"{"v":1,"references":{},"x":1}"#, "'x' is no member of the file", 1, 28),
        (#"{"v":1,"references":{"a":{},"a":{}}}"#, "has the member /references/a already", 1, 29),
        (#"{"v":1,"references":{"a.json":{}}}"#, "'a.json' cannot be pinned: only absolute URIs", 1, 31),
        (#"{"v":1,"references":{"file:///a":{}}}"#, "'file:///a' cannot be pinned", 1, 34),
        (#"{"v":1,"references":{"urn:a b":{}}}"#, "the URI cannot be pinned", 1, 32),
        (#"{"v":1,"references":{"HTTP://a/#x":{}}}"#, "is not in the form that references are looked up by", 1, 36),
        (#"{"v":1,"references":{"urn:a":{"sha256":"00","file":".references/a"}}}"#, "'sha256' must be 64", 1, 30),
        (
            #"{"v":1,"references":{"urn:a":{"sha256":"\#(digits.uppercased())","file":".references/a"}}}"#,
            "'sha256' must be 64", 1, 30
        ),
        (
            #"{"v":1,"references":{"urn:a":{"sha256":"\#(digits)","file":".references/../a"}}}"#, "'file' must be", 1,
            30
        ),
        (#"{"v":1,"references":{"urn:a":{"sha256":"\#(digits)","file":"a.json"}}}"#, "'file' must be", 1, 30),
        (#"{"v":1,"references":{"urn:a":{"sha256":"\#(digits)"}}}"#, "'file' must be", 1, 30),
        (#"{"v":1,"references":{"urn:a":7}}"#, "'sha256' must be", 1, 30),
        (
            #"{"v":1,"references":{"urn:a":{"sha256":"\#(digits)","file":".references/a","url":1}}}"#,
            "'url' is no member of a pin", 1, 136
        ),
    ]

    @Test(arguments: Self.faults)
    func aFileThatSaysSomethingElseIsRefused(text: String, message: String, line: Int, column: Int) throws {
        let error = #expect(throws: ContractError.self) { try ReferencePins(lock: Array(text.utf8)) }
        #expect(error?.message.contains(message) == true, "\(error?.description ?? "")")
        #expect(error?.line == line && error?.column == column, "\(error?.description ?? "")")
    }

    @Test func aFolderWithABrokenFileOfPinsCannotBeUsed() throws {
        let files = ["a/subject.yaml": "owner: x\n", "a/v1.json": "{}", "references.lock.json": "{\n  \"v\": 2}"]
        try StoreFolder.with(files) { folder throws in
            let problems = ContractStore.problems(in: folder)
            #expect(problems.map(\.code) == [.invalidPins])
            #expect(
                problems.first?.description
                    == "\(folder)/references.lock.json:2:8: 'v' must be 1, the version of the file's form (at /v) [invalid_pins]"
            )
            #expect(throws: ContractError.self) { try ContractStore(folder: folder) }
            #expect(throws: Never.self) { try ContractStore(folder: folder, usesPins: false) }
        }
    }

    @Test(arguments: [
        "a", "../a", "/a", "#a", "", "busbar:/schemas/a/v1.json", "file:///etc/passwd", "data:application/json,{}",
        "//example.org/a", "https://example.org/a b", "https://example.org/\n",
    ])
    func onlyAbsoluteURIsOfElsewhereCanBePinned(text: String) {
        let error = #expect(throws: ContractError.self) { try ReferencePins.uri(text) }
        #expect(error?.code == .invalidReference)
    }
}
