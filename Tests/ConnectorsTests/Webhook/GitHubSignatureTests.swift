import Foundation
import TestFiles
import Testing

@testable import Connectors

@Suite struct GitHubSignatureTests {
    private static let published = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    private let secret = Array("It's a Secret to Everybody".utf8)
    private let body = Array("Hello, World!".utf8)

    @Test func agreesWithTheVectorThatGitHubPublishes() throws {
        #expect(GitHubSignature.sign(body, secret: secret) == Self.published)
        #expect(try GitHubSignature.verify(GitHubSignature.parse([Self.published]), body: body, secrets: [secret]) == 0)
    }

    @Test func saysWhichSecretFits() throws {
        let signature = try GitHubSignature.parse([Self.published])
        #expect(try GitHubSignature.verify(signature, body: body, secrets: [Array("new".utf8), secret]) == 1)
    }

    @Test(arguments: [
        ([], "missing_header"), ([published, published], "malformed_header"), (["sha1=00"], "malformed_signature"),
        (["sha256="], "malformed_signature"), (["sha256=0"], "malformed_signature"),
        (["sha256=zz"], "malformed_signature"),
        (["sha256=+f"], "malformed_signature"), (["SHA256=00"], "malformed_signature"),
        (["sha256=" + String(repeating: "0", count: 100_000)], "malformed_signature"),
        (["sha256=00"], "signature_mismatch"),
    ])
    func whatDoesNotFitHasItsReason(_ lines: [String], _ reason: String) {
        #expect {
            try GitHubSignature.verify(GitHubSignature.parse(lines), body: body, secrets: [secret])
        } throws: {
            ($0 as? GitHubSignature.Failure)?.rawValue == reason
        }
    }

    @Test func anEmptySecretVerifiesNothing() {
        let forged = GitHubSignature.sign(body, secret: [])
        for secrets in [[], [[]], [secret, []]] as [[[UInt8]]] {
            #expect(throws: GitHubSignature.Failure.configEmptySecret) {
                try GitHubSignature.verify(GitHubSignature.parse([forged]), body: body, secrets: secrets)
            }
        }
    }

    struct Vector: Decodable, Sendable, CustomTestStringConvertible {
        let id: String
        let scheme: String
        let secrets: [String]?
        let headers: [String: String]?
        let body: String?
        let expect: String
        let reason: String
        var testDescription: String { id }
    }

    private struct Vectors: Decodable {
        struct Lenient: Decodable {
            let vector: Vector?
            init(from decoder: any Decoder) throws {
                let scheme = try decoder.container(keyedBy: Key.self).decode(String.self, forKey: .scheme)
                vector = scheme == "github-sha256" ? try Vector(from: decoder) : nil
            }
            private enum Key: String, CodingKey { case scheme }
        }
        let vectors: [Lenient]
    }

    static let file = SharedFiles.present("data/security/signature_vectors.json")

    static func vectors() throws -> [Vector] {
        let data = try Data(contentsOf: #require(file))
        return try JSONDecoder().decode(Vectors.self, from: data).vectors.compactMap(\.vector)
    }

    @Test(.enabled(if: file != nil, "the shared test data is not beside the repository"))
    func agreesWithTheSharedVectors() throws {
        let vectors = try Self.vectors()
        #expect(vectors.count >= 10)
        for vector in vectors {
            let lines = vector.headers?.filter { $0.key.lowercased() == "x-hub-signature-256" }.map(\.value) ?? []
            let secrets = (vector.secrets ?? []).map { Array($0.utf8) }
            var reason = ""
            do throws(GitHubSignature.Failure) {
                try GitHubSignature.verify(
                    GitHubSignature.parse(lines),
                    body: Array((vector.body ?? "").utf8),
                    secrets: secrets
                )
            } catch {
                reason = error.rawValue
            }
            #expect((reason.isEmpty ? "accept" : "reject") == vector.expect, "\(vector.id)")
            #expect(reason == vector.reason, "\(vector.id)")
        }
    }
}
