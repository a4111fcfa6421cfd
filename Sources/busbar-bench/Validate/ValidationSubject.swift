internal import CAllocationCount
internal import Contracts
internal import Foundation
internal import JSON

/// A contract with documents that obey it, and the same with one fault each.
final class ValidationSubject {
    enum Kind: String, CaseIterable {
        case pass, fail
    }

    let name: String
    let schema: [UInt8]
    private let documents: [Kind: [[UInt8]]]
    private let contract: Contract
    private let parser = JSONParser()
    private let scratch = ValidationScratch()

    /// The member that has another kind in the documents that fail: late in each document, so that little is saved.
    private static let faults = [
        "small": ["currency"], "cloudevents": ["type"], "github_push": ["sender"], "github_pr": ["sender"],
    ]

    init(_ name: String, in folder: URL) throws {
        self.name = name
        schema = try Self.read("\(name).schema.json", in: folder)
        contract = try Contract(compiling: schema)
        let list = try JSON(parsing: try Self.read("\(name).json", in: folder)).elements ?? []
        let faults = Set(Self.faults[name] ?? [])
        documents = [
            .pass: list.map(\.bytes),
            .fail: list.map { document in
                let members = document.members ?? []
                return JSON.object(members.map { ($0.0, faults.contains($0.0) ? 7 : $0.1) }).bytes
            },
        ]
        for kind in Kind.allCases {
            let valid = try count(kind, rounds: 1)
            guard !list.isEmpty, valid == (kind == .pass ? list.count : 0) else {
                throw BenchError("\(valid) of \(list.count) documents of \(name) to \(kind) obey the contract")
            }
        }
    }

    private static func read(_ file: String, in folder: URL) throws -> [UInt8] {
        let url = folder.appending(path: file)
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw BenchError("there is no \(url.path); say with --data where the contracts and documents are")
        }
        return [UInt8](try Data(contentsOf: url))
    }

    func texts(_ kind: Kind) -> [[UInt8]] { documents[kind] ?? [] }

    func bytes(_ kind: Kind) -> Int { texts(kind).reduce(0) { $0 + $1.count } }

    /// How often all documents make up so many bytes.
    func rounds(_ kind: Kind, bytes budget: Int) -> Int { max(1, budget / bytes(kind)) }

    /// Checks about so many bytes of documents, from their text.
    func run(_ kind: Kind, bytes: Int) throws -> Sample {
        let rounds = rounds(kind, bytes: bytes)
        let total = rounds * texts(kind).count
        let stopwatch = Stopwatch()
        let valid = try count(kind, rounds: rounds)
        let sample = stopwatch.sample(total)
        guard valid == (kind == .pass ? total : 0) else { throw BenchError("\(valid) of \(total) were valid") }
        return sample
    }

    /// Heap allocations per document that obeys, once parser and scratch memory have grown.
    func allocations() throws -> Double {
        _ = try count(.pass, rounds: 10)
        let before = allocation_calls()
        _ = try count(.pass, rounds: 1_000)
        return Double(allocation_calls() - before) / Double(1_000 * texts(.pass).count)
    }

    private func count(_ kind: Kind, rounds: Int) throws -> Int {
        let texts = texts(kind)
        var valid = 0
        for _ in 0..<rounds {
            for text in texts {
                try text.withUnsafeBytes { bytes in
                    if contract.isValid(try parser.parse(bytes), using: scratch) { valid += 1 }
                }
            }
        }
        return valid
    }
}

/// The parser alone.
final class OwnParser {
    private let parser = JSONParser()

    func run(_ text: [UInt8], times: Int) throws -> Sample {
        try text.withUnsafeBytes { bytes in
            let stopwatch = Stopwatch()
            var parsed = 0
            for _ in 0..<times where try parser.parse(bytes).totalCount > 0 { parsed += 1 }
            let sample = stopwatch.sample(times)
            guard parsed == times else { throw BenchError("parsed \(parsed) of \(times) documents") }
            return sample
        }
    }
}
