internal import Foundation
internal import TestFiles

/// Authorities and certificates of one test, made by the openssl program in a folder that goes with the test.
package struct TestCertificates: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Whether the program is there.
    package static let canBeMade = ["/usr/bin/openssl", "/usr/local/bin/openssl"].contains {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// Is removed with the certificates.
    private let folder = TemporaryFolder()

    /// An authority with a server for 127.0.0.1 and a client, and a second authority with a client of the same name.
    package init() throws {
        for authority in ["authority", "stranger-authority"] { try make(authority, "/CN=\(authority)") }
        let server = ["-addext", "subjectAltName=IP:127.0.0.1"]
        try make("server", "/CN=broker", signedBy: "authority", server)
        try make("alice", "/O=busbar/OU=ops/CN=alice", signedBy: "authority")
        try make("stranger", "/O=busbar/OU=ops/CN=alice", signedBy: "stranger-authority")
    }

    /// PEM file of a certificate.
    package func certificate(_ name: String) -> String { "\(folder.path)/\(name).pem" }

    /// PEM file of a certificate's key.
    package func key(_ name: String) -> String { "\(folder.path)/\(name).key" }

    /// PEM file of a certificate's key, encrypted.
    package func encryptedKey(_ name: String, password: String) throws -> String {
        let path = "\(folder.path)/\(name)-encrypted.key"
        try run(["pkey", "-in", key(name), "-aes256", "-passout", "pass:\(password)", "-out", path], making: path)
        return path
    }

    /// Names the certificates in a folder as OpenSSL looks for them there.
    package func rehash(_ folder: String) throws {
        try run(["rehash", folder], making: "the names in \(folder)")
    }

    private func make(_ name: String, _ subject: String, signedBy authority: String? = nil, _ more: [String] = [])
        throws
    {
        let signed = authority.map {
            ["-CA", certificate($0), "-CAkey", key($0), "-addext", "basicConstraints=critical,CA:FALSE"]
        }
        let arguments =
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-days", "2", "-subj", subject, "-keyout", key(name), "-out", certificate(name),
            ] + (signed ?? []) + more
        try run(arguments, making: name)
    }

    private func run(_ arguments: [String], making name: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let said = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "openssl could not make \(name): \(String(decoding: said, as: UTF8.self))")
        }
    }
}
