import Contracts
import Foundation
import JSON
import Testing

/// Remote references: never fetched, read from pinned copies.
@Suite struct PinnedReferenceTests {
    private static let uri = "https://example.org/schemas/money.json"
    private static let money = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","required":["amount"],
         "$defs":{"amount":{"$anchor":"amount","type":"integer"}},"properties":{"amount":{"$ref":"#amount"}}}
        """#

    /// A folder with a contract, and `pinned` documents by URI.
    private func withStore<R>(
        _ schema: String,
        pinned: [String: String] = [uri: money],
        _ body: (_ folder: String, _ store: ContractStore) throws -> R
    ) throws -> R {
        try StoreFolder.with(["order/subject.yaml": "owner: shop\n", "order/v1.json": schema]) { folder throws in
            for (uri, text) in pinned.sorted(by: { $0.key < $1.key }) {
                _ = try PinFolder(folder).pin(try ReferencePins.uri(uri), to: Array(text.utf8))
            }
            return try body(folder, try ContractStore(folder: folder))
        }
    }

    /// Of the store's only contract.
    private func verdict(_ store: ContractStore, _ instance: String) throws -> Bool {
        let contract = try store.contract(SchemaReference("order"))
        return try JSONParser().withDocument(Array(instance.utf8)) {
            contract.isValid($0, using: ValidationScratch())
        }
    }

    private func failure(_ store: ContractStore) throws -> ContractError {
        try #require(throws: ContractError.self) { try store.contract(SchemaReference("order")) }
    }

    @Test(arguments: [
        (uri, #"{"amount":1}"#, #"{"amount":"1"}"#), (uri + "#", #"{"amount":1}"#, "{}"),
        (uri + "#/$defs/amount", "1", #""1""#), (uri + "#amount", "1", "1.5"),
        ("HTTPS://example.org/schemas/old/../money.json#amount", "1", "null"),
    ])
    func aPinnedDocumentIsReferredToAsAWholeAndInParts(reference: String, valid: String, invalid: String) throws {
        try withStore(##"{"$ref":"\##(reference)"}"##) { _, store throws in
            #expect(try verdict(store, valid))
            #expect(try !verdict(store, invalid))
        }
    }

    @Test func theEvaluatorAndTheComparisonReadTheSameCopy() throws {
        try withStore(##"{"$ref":"\##(Self.uri)"}"##) { _, store throws in
            let contract = try store.contract(SchemaReference("order"))
            let document = try JSONDocument(Array("{}".utf8))
            let unit = try document.withRoot { try contract.evaluate($0) }
            #expect(!unit.isValid)
            #expect(document.withRoot { !contract.isValid($0, using: ValidationScratch()) })
            let schema = try store.compared(try SchemaSubject("order"), version: 1)
            let check = CompatibilityCheck(of: schema, after: [schema], level: .full, policy: .sound)
            #expect(check.verdict == .compatible)
        }
    }

    @Test func anUnpinnedDocumentIsRefusedWithTheCommandThatPinsIt() throws {
        try withStore(#"{"properties":{"a":{"$ref":"https://example.org/a.json#/x"}}}"#) { folder, store throws in
            let error = try failure(store)
            #expect(error.code == .unresolvedReference)
            #expect(error.pointer == "/properties/a/$ref")
            #expect(
                error.message
                    == "no schema 'https://example.org/a.json' is known; references are not fetched, so it must be embedded "
                    + "or pinned: busbar schema pin 'https://example.org/a.json' --schemas '\(folder)'"
            )
        }
        #expect(
            ReferencePins.advice(for: "http://a.example/'x", in: "schemas")
                == #"embedded or pinned: busbar schema pin 'http://a.example/'\''x' --allow-http"#
        )
        #expect(
            ReferencePins.advice(for: "urn:example:a", in: "schemas")
                == "embedded or pinned: busbar schema pin 'urn:example:a' --file PATH"
        )
        #expect(ReferencePins.advice(for: "file:///etc/passwd", in: "schemas") == "embedded or offered beside")
    }

    @Test func aCopyThatWasChangedIsRefused() throws {
        try withStore(##"{"$ref":"\##(Self.uri)"}"##) { folder, store throws in
            let pin = try #require(try PinFolder(folder).pins()[Self.uri])
            try StoreFolder.write(Self.money + " ", to: pin.file, in: folder)
            let error = try failure(store)
            #expect(error.code == .brokenPin)
            #expect(error.file == "\(folder)/order/v1.json")
            #expect(error.pointer == "/$ref")
            for part in [
                "'\(Self.uri)' that is referred to cannot be read: \(folder)/\(pin.file): ", "is not what was pinned",
                "\(pin.sha256.prefix(16))… is pinned; take the change back, or pin the URI again: "
                    + "busbar schema pin '\(Self.uri)'",
            ] {
                #expect(error.message.contains(part), "\(error)")
            }
            try FileManager.default.removeItem(atPath: "\(folder)/\(pin.file)")
            #expect(try failure(store).message.contains("is gone; bring the file back"))
        }
    }

    @Test func aCopyThatIsTooLargeOrNoJSONIsRefused() throws {
        try withStore(##"{"$ref":"\##(Self.uri)"}"##, pinned: [Self.uri: "{"]) { folder, store throws in
            #expect(try failure(store).code == .unresolvedReference)
            #expect(try failure(store).message.contains("cannot be read: "))
            let pin = try #require(try PinFolder(folder).pins()[Self.uri])
            let text = String(repeating: " ", count: ContractStore.maxFileBytes + 1)
            try StoreFolder.write(text, to: pin.file, in: folder)
            #expect(try failure(store).code == .tooLarge)
        }
    }

    @Test func aLoopThroughPinnedDocumentsIsFound() throws {
        let other = "https://example.org/schemas/other.json"
        let pinned = [Self.uri: #"{"$ref":"other.json"}"#, other: #"{"allOf":[{"$ref":"money.json"}]}"#]
        try withStore(##"{"$ref":"\##(Self.uri)"}"##, pinned: pinned) { _, store throws in
            #expect(try failure(store).code == .referenceLoop)
        }
        // Recursion that consumes the instance is none.
        let recursive = [
            Self.uri: #"{"$ref":"other.json"}"#, other: #"{"items":{"$ref":"money.json"},"type":"array"}"#,
        ]
        try withStore(##"{"$ref":"\##(Self.uri)"}"##, pinned: recursive) { _, store throws in
            #expect(try verdict(store, "[[],[[]]]"))
            #expect(try !verdict(store, "[[],[[1]]]"))
        }
    }

    @Test func whatAPinnedDocumentRefersToMustBePinnedToo() throws {
        try withStore(##"{"$ref":"\##(Self.uri)"}"##, pinned: [Self.uri: #"{"items":{"$ref":"b.json"}}"#]) {
            _,
            store throws in
            let error = try failure(store)
            #expect(error.message.contains("busbar schema pin 'https://example.org/schemas/b.json'"))
            #expect(error.pointer == "\(Self.uri)#/items/$ref")
            #expect(error.line == nil)
        }
    }

    @Test func metaschemasNeedNoPin() throws {
        try withStore(##"{"$ref":"http://json-schema.org/draft-07/schema#"}"##, pinned: [:]) { _, store throws in
            #expect(try verdict(store, #"{"type":"string"}"#))
            #expect(try !verdict(store, #"{"type":7}"#))
        }
        let error = #expect(throws: ContractError.self) {
            try ReferencePins.uri("http://json-schema.org/draft-07/schema#")
        }
        #expect(
            error?.message == "'http://json-schema.org/draft-07/schema' is a published metaschema, which needs no pin"
        )
    }

    @Test func aMetaschemaOfSomebodysOwnCanBePinned() throws {
        let metaschema = """
            {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"\(Self.uri)",
             "$vocabulary":{"https://json-schema.org/draft/2020-12/vocab/core":true,
                            "https://json-schema.org/draft/2020-12/vocab/applicator":true}}
            """
        let schema = #"{"$schema":"\#(Self.uri)","prefixItems":[false],"type":"object"}"#
        try withStore(schema, pinned: [Self.uri: metaschema]) { folder, store throws in
            // Without the vocabulary of validation `type` says nothing.
            #expect(try verdict(store, "1"))
            #expect(try !verdict(store, "[1]"))
            let pin = try #require(try PinFolder(folder).pins()[Self.uri])
            try StoreFolder.write("{}", to: pin.file, in: folder)
            let error = try failure(store)
            #expect(error.code == .brokenPin)
            #expect(error.pointer == "/$schema")
        }
    }

    @Test func aRegistryHasNoPins() throws {
        try withStore(##"{"$ref":"\##(Self.uri)"}"##) { folder, _ throws in
            #expect(ContractStore.problems(in: folder).isEmpty)
            let problems = ContractStore.problems(in: folder, usesPins: false)
            #expect(problems.map(\.code) == [.unresolvedReference])
            #expect(problems[0].message.hasSuffix("embedded or a subject of the folder: registries know no pins"))
            let store = try ContractStore(folder: folder, usesPins: false)
            #expect(throws: ContractError.self) { try store.compared(try SchemaSubject("order"), version: 1) }
        }
    }
}
