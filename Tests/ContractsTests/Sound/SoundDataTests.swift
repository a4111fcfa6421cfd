import Contracts
import Foundation
import JSON
import Testing

@Suite struct SoundDataTests {
    static let folder = SharedData.folder("data/schema")

    @Test func dump() throws {
        let folder = try #require(Self.folder)
        for (file, both) in [("corpus_labelled.json", true), ("modern_types.json", false), ("mutants_public.json", true)] {
            let cases = try JSON(parsing: [UInt8](Data(contentsOf: folder.appending(path: file)))).elements ?? []
            var stats: [String: Int] = [:]
            var odd = 0, total = Duration.zero
            for (i, c) in cases.enumerated() {
                let old = try ComparedSchema(try #require(c["old"]).bytes)
                let new = try ComparedSchema(try #require(c["new"]).bytes)
                for direction in both ? ["backward", "forward"] : ["backward"] {
                    let label = (both ? c[direction]?["semantic"]?.string : c["semantic"]?.string) ?? "?"
                    let (a, b) = direction == "backward" ? (old, new) : (new, old)
                    let start = ContinuousClock.now
                    let result = CompatibilityPolicy.sound.compare(old: a, new: b)
                    let took = ContinuousClock.now - start
                    total += took
                    stats["\(label)->\(result.verdict.rawValue)", default: 0] += 1
                    if label != result.verdict.rawValue && label != "unknown" || took > .milliseconds(2000) {
                        print("!!", file, c["id"]?.string ?? "\(i)", direction, label, "->", result.verdict, took, result.differences.first?.reason ?? "", result.differences.first?.counterexample?.description.prefix(200) ?? "")
                    }
                    for d in result.differences where file != "mutants_public.json" || d.rule == "DOCUMENTS_REFUSED" || d.effect == .unknown {
                        odd += 1
                        print(c["id"]?.string ?? "\(i)", direction.prefix(1), d.rule, d.effect, d.path, "|", d.oldPointer ?? "-", d.newPointer ?? "-", "|", d.old.map { "\($0)".prefix(60) } ?? "-", "->", d.new.map { "\($0)".prefix(60) } ?? "-", "|", d.counterexample.map { "\($0)".prefix(120) } ?? "", d.violation?.keyword ?? "", d.reason ?? "")
                    }
                }
            }
            print(file, stats, total, odd)
        }
    }
}
