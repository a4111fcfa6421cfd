internal import Foundation

/// Validators for Python, from the text of a document.
struct ValidatorPeers {
    static let names = ["jsonschema-rs", "fastjsonschema"]

    let python: PythonPeer

    init(in environment: URL, _ subjects: [ValidationSubject]) throws {
        python = try PythonPeer("validators.py", in: environment, files: subjects.flatMap(Self.files))
    }

    private static func files(_ subject: ValidationSubject) -> [(name: String, content: [UInt8])] {
        [("\(subject.name).schema.json", subject.schema)]
            + ValidationSubject.Kind.allCases.map { kind in
                ("\(subject.name).\(kind).ndjson", Array(subject.texts(kind).joined(separator: [UInt8(ascii: "\n")])))
            }
    }

    /// Lets one of them check about so many bytes of documents.
    func run(_ peer: String, _ subject: ValidationSubject, _ kind: ValidationSubject.Kind, bytes: Int) throws -> Sample
    {
        let rounds = subject.rounds(kind, bytes: bytes)
        let total = rounds * subject.texts(kind).count
        let answer = try python.ask("\(peer) \(subject.name) \(kind) \(rounds)")
        guard answer.count == (kind == .pass ? total : 0) else {
            throw BenchError(
                "\(peer) takes \(answer.count) of \(total) documents of \(subject.name) to \(kind) for valid"
            )
        }
        return Sample(count: total, seconds: answer.seconds, cpu: answer.cpu)
    }
}
