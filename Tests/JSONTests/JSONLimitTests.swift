import JSON
import Testing

@Suite struct JSONLimitTests {
    private func nested(_ depth: Int) -> [UInt8] {
        [UInt8](repeating: UInt8(ascii: "["), count: depth) + [UInt8](repeating: UInt8(ascii: "]"), count: depth)
    }

    @Test func refusesNestingBeyondTheLimit() {
        #expect(JSONParser().failure(nested(512)) == nil)
        #expect(JSONParser().failure(nested(513))?.code == .depthExceeded)
        #expect(JSONParser().failure(nested(513))?.byteOffset == 512)
        #expect(JSONParser().failure(nested(10_000))?.code == .depthExceeded)
        let objects = String(repeating: "{\"a\":", count: 1_000_000)
        #expect(JSONParser().failure([UInt8](objects.utf8))?.code == .depthExceeded)
    }

    @Test func readsAnyDepthWithoutRecursionWhereTheLimitAllows() throws {
        let parser = JSONParser(limits: JSONLimits(maxDepth: 2_000_000))
        try parser.withDocument(nested(1_000_000)) { root in
            var value = root
            var depth = 1
            while let inner = value[0] {
                value = inner
                depth += 1
            }
            #expect(depth == 1_000_000)
            #expect(root.isEqual(to: root))
            #expect(throws: JSONError.self) { try JSON(root) }
        }
        #expect(parser.failure([UInt8](repeating: UInt8(ascii: "["), count: 1_000_000))?.code == .unexpectedEnd)
    }

    @Test func anOwnedValueOfTheGreatestDepthIsSafeToUse() throws {
        let json = try JSON(parsing: nested(JSON.maxDepth), limits: JSONLimits(maxDepth: 2_000))
        #expect(json == json)
        #expect(json.bytes == nested(JSON.maxDepth))
    }

    @Test func refusesDocumentsBeyondTheLimit() {
        let parser = JSONParser(limits: JSONLimits(maxBytes: 10))
        #expect(parser.failure([UInt8]("[12345678]".utf8)) == nil)
        #expect(parser.failure([UInt8]("[123456789]".utf8))?.code == .sizeExceeded)
    }

    @Test func limitsStayInTheirRange() {
        #expect(JSONLimits(maxDepth: -1, maxBytes: 0).maxDepth == 1)
        #expect(JSONLimits(maxBytes: .max).maxBytes == JSONLimits.largestDocument)
    }
}
