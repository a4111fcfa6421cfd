import AsyncHTTPClient
import Crypto
import Foundation
import HTTPService
import JWTKit
import Log
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import Registry
import TestFiles
import Testing

/// TLS, certificates of clients, and bearer tokens.
@Suite(.enabled(if: Certificates.canBeMade, "the openssl program is not there"))
struct SecureConnectionTests {
    @Test(.timeLimit(.minutes(1))) func aCertificateSpeaksForItsUser() async throws {
        let certificates = try Certificates()
        let known = try #require(NIOSSLCertificate.fromPEMFile(certificates.path("client.pem")).first).toDERBytes()
        let digest = SHA256.hash(data: known).map { String(UInt16($0) | 0x100, radix: 16).dropFirst() }.joined()
        let users = try RegistryUsers("ci register certificate:\(digest)\n")
        let tls = HTTPServiceTLS(
            certificate: certificates.path("server.pem"),
            key: certificates.path("server.key"),
            clientAuthority: certificates.path("authority.pem")
        )
        let storage = try await TopicStorage.open(InMemoryLog())
        let authentication = RegistryAuthentication(users: users, tokens: nil)
        try await RunningRegistry.with(storage, authentication: authentication, tls: tls) { registry async throws in
            let client = try certificates.client("client")
            let other = try certificates.client("other")
            let nobody = try certificates.client(nil)
            let (read, write) = ("/subjects", "/config")
            #expect(try await registry.status(of: "GET", read, by: client) == 200)
            #expect(try await registry.status(of: "PUT", write, by: client) == 403)
            #expect(try await registry.status(of: "GET", read, by: other) == 401)
            await #expect(throws: (any Error).self) { try await registry.status(of: "GET", read, by: nobody) }
            for client in [client, other, nobody] { try await client.shutdown() }
        }
    }

    @Test func filesThatDoNotBelongTogetherAreNamed() throws {
        let certificates = try Certificates()
        let tls = HTTPServiceTLS(
            certificate: certificates.path("server.pem"),
            key: certificates.path("client.key")
        )
        let error = try #require(throws: HTTPServiceTLS.Unusable.self) { try tls.check() }
        #expect(error.description.contains("client.key"))
    }

    @Test(.timeLimit(.minutes(1))) func aTokenOfTheIssuerSpeaksForItsSubject() async throws {
        let key = ES256PrivateKey()
        let file = KeyFile()
        try file.write(key, "k")
        let tokens = try await file.tokens()
        let keys = await JWTKeyCollection().add(ecdsa: key, kid: "k")
        let strange = await JWTKeyCollection().add(ecdsa: ES256PrivateKey(), kid: "k")
        let good = Token()
        var cases: [(name: String, token: String, status: Int)] = [
            ("good", try await keys.sign(good, kid: "k"), 200),
            ("another key", try await strange.sign(good, kid: "k"), 401),
            ("no token", "x", 401),
        ]
        for (name, change) in Token.faults {
            var token = good
            change(&token)
            cases.append((name, try await keys.sign(token, kid: "k"), 401))
        }
        let storage = try await TopicStorage.open(InMemoryLog())
        let authentication = RegistryAuthentication(users: nil, tokens: tokens)
        let requests = cases
        try await RunningRegistry.with(storage, authentication: authentication) { registry async throws in
            for (name, token, status) in requests {
                let headers = [("Authorization", "Bearer \(token)")]
                #expect(try await registry.send("GET", "/subjects", headers: headers).status == status, "\(name)")
            }
            let put = [("Authorization", "Bearer \(requests[0].token)")]
            let body = #"{"compatibility":"NONE"}"#
            #expect(try await registry.send("PUT", "/config", body, headers: put).status == 403)
        }
    }

    @Test(.timeLimit(.minutes(1))) func aKeyThatComesIntoTheFileIsTakenWithoutARestart() async throws {
        let (old, new) = (ES256PrivateKey(), ES256PrivateKey())
        let file = KeyFile()
        try file.write(old, "old")
        let authentication = RegistryAuthentication(users: nil, tokens: try await file.tokens())
        let token = try await JWTKeyCollection().add(ecdsa: new, kid: "new").sign(Token(), kid: "new")
        let headers = [("Authorization", "Bearer \(token)")]
        let storage = try await TopicStorage.open(InMemoryLog())
        // The first token of all makes the verifier look at the file: nothing has to be waited for.
        try file.write(new, "new")
        try await RunningRegistry.with(storage, authentication: authentication) { registry async throws in
            #expect(try await registry.send("GET", "/subjects", headers: headers).status == 200)
        }
    }
}

/// A key set in a file that goes with the test.
private final class KeyFile {
    private let folder = TemporaryFolder()
    private var path: URL { folder.url.appending(path: "jwks.json") }

    /// Replaces the file by a set of one key.
    func write(_ key: ES256PrivateKey, _ name: String) throws {
        let parameters = try #require(key.parameters)
        let jwks = """
            {"keys":[{"kty":"EC","crv":"P-256","kid":"\(name)","alg":"ES256","x":"\(parameters.x.urlSafe)",\
            "y":"\(parameters.y.urlSafe)"}]}
            """
        try Data(jwks.utf8).write(to: path, options: .atomic)
    }

    /// What the registry believes.
    func tokens() async throws -> RegistryTokens {
        try await RegistryTokens(
            keySet: path.path,
            issuer: "https://login.example",
            audience: "busbar-registry",
            roleClaim: "busbar_role",
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }
}

/// The claims of a token that is believed.
private struct Token: JWTPayload {
    var iss = "https://login.example"
    var aud = "busbar-registry"
    var sub = "ci"
    var exp = Date(timeIntervalSinceNow: 600)
    var nbf = Date(timeIntervalSinceNow: -600)
    var busbar_role = "register"

    func verify(using algorithm: some JWTAlgorithm) async throws {}

    /// Each makes a token that speaks for nobody.
    static let faults: [(String, @Sendable (inout Token) -> Void)] = [
        ("another issuer", { $0.iss = "https://other.example" }), ("another audience", { $0.aud = "other" }),
        ("expired", { $0.exp = Date(timeIntervalSinceNow: -1) }),
        ("not yet valid", { $0.nbf = Date(timeIntervalSinceNow: 300) }), ("nobody", { $0.sub = "" }),
        ("no role of ours", { $0.busbar_role = "owner" }),
    ]
}

extension String {
    /// Base64 in the alphabet of RFC 4648 section 5, without padding.
    fileprivate var urlSafe: String {
        replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

extension RunningRegistry {
    /// The status of an answer over TLS.
    fileprivate func status(of method: String, _ path: String, by client: HTTPClient) async throws -> Int {
        var request = HTTPClientRequest(url: url + path)
        request.method = .init(rawValue: method)
        let response = try await client.execute(request, timeout: .seconds(20))
        _ = try await response.body.collect(upTo: 1 << 20)
        return Int(response.status.code)
    }
}

/// An authority, a server and two clients, made by the openssl program in a folder that goes with the test.
private final class Certificates: Sendable {
    private let folder = TemporaryFolder()

    static let canBeMade = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

    init() throws {
        try make("authority", nil)
        try make("server", ["-addext", "subjectAltName=IP:127.0.0.1"])
        try make("client", [])
        try make("other", [])
    }

    func path(_ file: String) -> String { folder.path(file) }

    /// A client with a certificate, or without.
    func client(_ name: String?) throws -> HTTPClient {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file(path("authority.pem"))
        if let name {
            tls.certificateChain = try NIOSSLCertificate.fromPEMFile(path(name + ".pem")).map { .certificate($0) }
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: path(name + ".key"), format: .pem))
        }
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: .init(tlsConfiguration: tls))
    }

    /// - Parameters:
    ///   - name: of the files, and in the certificate.
    ///   - extensions: further arguments; nil for the authority itself, which nobody else signs.
    /// - Throws: when openssl does not make them.
    private func make(_ name: String, _ extensions: [String]?) throws {
        let signed = ["-CA", path("authority.pem"), "-CAkey", path("authority.key")]
        let plain = ["-addext", "basicConstraints=critical,CA:FALSE"]
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments =
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=\(name)", "-keyout", path(name + ".key"), "-out", path(name + ".pem"),
            ] + (extensions.map { signed + plain + $0 } ?? [])
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "openssl could not make \(name)")
    }
}
