import CAllocationCount
import Contracts
import Foundation
import JSON
import Testing

/// This process counts what it asks malloc for, by thread; nothing here awaits, so that the thread stays the same.
@Suite struct AllocationTests {
    private static let schema = """
        {"type":"object","required":["id","kind","at","amount","items"],"additionalProperties":false,"properties":{
          "id":{"type":"string","minLength":8,"maxLength":36},"kind":{"enum":["placed","paid"]},"at":{"type":"integer","minimum":0},
          "amount":{"type":"number","minimum":0.5},"code":{"pattern":"^[A-Z]{3}-[0-9]+$"},"free":{"pattern":"(a|b)+c"},
          "items":{"type":"array","maxItems":100,"items":{"type":"object","required":["sku"],"properties":{
            "sku":{"type":"string"},"qty":{"type":"integer","minimum":1}},"additionalProperties":false}},
          "note":{"anyOf":[{"type":"null"},{"type":"string","maxLength":80}]},
          "buyer":{"oneOf":[{"$ref":"#/definitions/buyer"},{"type":"null"}]}},
         "definitions":{"buyer":{"type":"object","required":["name"],"properties":{"name":{"type":"string"}}}},"if":{"required":["free"]},"then":{"minProperties":3}}
        """
    private static let documents = [
        #"{"id":"9f1c2b7e-41aa","kind":"paid","at":1732272000123,"amount":123.45,"items":[{"sku":"A-100","qty":2}],"note":null,"buyer":{"name":"x"}}"#,
        #"{"items":[],"note":"caf\u00e9","free":"xabac","code":"ABC-12","amount":1e3,"at":0,"kind":"placed","id":"12345678"}"#,
        #"{ "id" : "äöü-äöü-äöü" , "kind" : "paid" , "at" : 7 , "amount" : 0.50 , "items" : [ { "sku" : "" } ] }"#,
    ]

    @Test(
        .enabled(
            if: !_isDebugAssertConfiguration(),
            "code that is not optimised allocates where optimised code does not"
        )
    )
    func whatObeysCostsNoAllocation() throws {
        let contract = try Contract(compiling: Array(Self.schema.utf8))
        let documents = Self.documents.map { Array($0.utf8) }
        let parser = JSONParser()
        let scratch = ValidationScratch()
        for document in documents {
            try document.withUnsafeBytes { bytes in
                var valid = 0
                for _ in 0..<10 where contract.isValid(try parser.parse(bytes), using: scratch) { valid += 1 }
                let before = allocation_calls()
                for _ in 0..<1_000 where contract.isValid(try parser.parse(bytes), using: scratch) { valid += 1 }
                let allocations = allocation_calls() - before
                let text = String(decoding: bytes, as: UTF8.self)
                #expect(allocations == 0, "1,000 times \(text) took \(allocations) allocations")
                #expect(valid == 1_010, "\(text)")
            }
        }
    }

    /// Otherwise the test above could not fail.
    @Test func allocationsOfThisThreadAreCounted() {
        let before = allocation_calls()
        let bytes = [UInt8](repeating: 7, count: Int.random(in: 5_000...6_000))
        #expect(allocation_calls() > before)
        #expect(bytes.last == 7)
    }
}
