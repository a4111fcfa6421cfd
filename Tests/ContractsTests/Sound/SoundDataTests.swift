import Contracts
import Foundation
import JSON
import TestFiles
import Testing

/// The labelled changes: what two independent judges and a search for counterexamples said of them.
@Suite struct SoundDataTests {
    static let folder = SharedFiles.present("data/schema")

    /// One comparison with its label.
    struct Labelled {
        let title: String
        let old: ComparedSchema
        let new: ComparedSchema
        let label: String

        /// - Throws: that a schema of the data does not compile, which would be a fault of the validator.
        static func all(_ file: String) throws -> [Labelled] {
            let folder = try #require(SoundDataTests.folder)
            let cases = try JSON(parsing: [UInt8](Data(contentsOf: folder.appending(path: file)))).elements ?? []
            var found: [Labelled] = []
            for (index, change) in cases.enumerated() {
                let old = try ComparedSchema(try #require(change["old"]).bytes)
                let new = try ComparedSchema(try #require(change["new"]).bytes)
                let title = "\(file) \(change["id"]?.string ?? String(index))"
                let backward = try #require((change["backward"] ?? change)["semantic"]?.string)
                found.append(Labelled(title: title + " backward", old: old, new: new, label: backward))
                guard let forward = change["forward"]?["semantic"]?.string else { continue }
                found.append(Labelled(title: title + " forward", old: new, new: old, label: forward))
            }
            return found
        }
    }

    /// The last argument lists the comparisons with a label that come out as unknown.
    @Test(
        .enabled(if: folder != nil, "the shared folder with the labelled schemas is absent"),
        .timeLimit(.minutes(5)),
        arguments: [
            ("corpus_labelled.json", 454, ["corpus_labelled.json draft-int-1.0 forward"]),
            ("modern_types.json", 16, []),
            ("mutants_public.json", 600, []),
        ]
    )
    func agreesWithTheLabels(file: String, count: Int, undecided: [String]) throws {
        let cases = try Labelled.all(file)
        #expect(cases.count == count)
        var open: [String] = []
        for change in cases {
            let result = CompatibilityPolicy.sound.compare(old: change.old, new: change.new)
            let about: Comment = "\(change.title): \(result.verdict) \(result.differences.compactMap(\.counterexample))"
            switch change.label {
            case "compatible": #expect(result.verdict != .incompatible, about)
            case "incompatible": #expect(result.verdict != .compatible, about)
            default: break
            }
            if change.label != "unknown", result.verdict == .unknown { open.append(change.title) }
            try SoundVerdict.check(result, old: change.old, new: change.new, about)
        }
        #expect(open == undecided)
    }
}

/// What must hold of every verdict, by the validator alone.
enum SoundVerdict {
    static func check(_ result: SchemaComparison, old: ComparedSchema, new: ComparedSchema, _ about: Comment) throws {
        let refused = result.differences.filter { $0.effect == .incompatible }
        #expect((result.verdict == .incompatible) == !refused.isEmpty, about)
        if result.verdict == .unknown { #expect(result.differences.contains { $0.reason != nil }, about) }
        if result.verdict == .compatible {
            #expect(result.differences.allSatisfy { $0.effect == .compatible }, about)
        }
        for difference in refused {
            let document = try #require(difference.counterexample, about)
            #expect(difference.violation != nil, about)
            // The validator takes `content*` as annotations.
            let isContent = difference.rule.hasPrefix("CONTENT_")
            #expect(try isValid(document, old), "\(about) \(document) must be valid before")
            // Whoever asserts formats accepts less: only what is valid without needs a contract of its own.
            guard try isValid(document, new) else { continue }
            let asserting = try Contract(compiling: new.bytes, formats: .assertion)
            let isNew = try JSONParser().withDocument(document.bytes) {
                asserting.isValid($0, using: ValidationScratch())
            }
            #expect(!isNew || isContent, "\(about) \(document) must be invalid afterwards")
        }
    }

    static func isValid(_ document: JSON, _ schema: ComparedSchema) throws -> Bool {
        try JSONParser().withDocument(document.bytes) { schema.contract.isValid($0, using: ValidationScratch()) }
    }
}
