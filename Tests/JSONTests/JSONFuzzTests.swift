import Foundation
import JSON
import Testing

@Suite struct JSONFuzzTests {
    static let sample = Array(
        """
        {"action":"opened","issue":{"id":125,"title":"caf\\u00e9 \\ud83d\\ude00 \u{e9}\u{1F600}","n":-1.5e-3,
        "labels":[{"name":"incident","color":"d73a4a"},{"name":"p1"}],"open":true,"closed":false,"by":null,"x":[]}}
        """.utf8
    )

    @Test func everyPrefixOfADocumentIsCutShort() {
        let parser = JSONParser()
        #expect(parser.failure(Self.sample) == nil)
        for count in 1..<Self.sample.count {
            let error = parser.failure(Array(Self.sample.prefix(count)))
            #expect(error?.code == .unexpectedEnd, "prefix of \(count) bytes")
        }
    }

    /// What is accepted must survive a round trip, and JSONSerialization must accept it too. The numbers are short
    /// because it refuses those beyond a double's range.
    @Test func mutatedDocumentsAreRefusedOrReadAlike() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(state: seed)
        let parser = JSONParser()
        var accepted = 0
        for round in 0..<3_000 {
            let document = mutate(&random)
            let about: Comment = "seed \(seed), round \(round): \(String(decoding: document, as: UTF8.self))"
            guard parser.failure(document) == nil else { continue }
            accepted += 1
            let copy = try parser.withDocument(document) { root in
                let json = try JSON(root)
                #expect(root.isEqual(to: root), about)
                return json
            }
            #expect(try JSON(parsing: copy.bytes) == copy, about)
            #expect(throws: Never.self, about) {
                try JSONSerialization.jsonObject(with: Data(document), options: .fragmentsAllowed)
            }
        }
        #expect(accepted > 100, "the mutations are too rough to test anything, seed \(seed)")
    }

    @Test func theOldestDocumentsOfTheParserDoNotLeakIntoTheNext() throws {
        let parser = JSONParser()
        let fresh = { (document: [UInt8]) in JSONParser().failure(document) }
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(state: seed)
        for _ in 0..<500 {
            let document = mutate(&random)
            #expect(parser.failure(document) == fresh(document), "seed \(seed)")
        }
    }

    private func mutate(_ random: inout SplitMix) -> [UInt8] {
        var bytes = Self.sample
        for _ in 0...Int.random(in: 0..<2, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &random)], at: place)
            case 3: bytes[place] = Array("{}[]\",:0123456789-+.eE\\u \n".utf8).randomElement(using: &random) ?? 0
            default:
                let other = Int.random(in: 0..<bytes.count, using: &random)
                bytes.swapAt(place, other)
            }
        }
        return bytes
    }
}
