internal import Foundation
internal import Log
internal import NIOSSL

/// Whose certificates are believed of a token endpoint, by librdkafka's properties for that (2.11 and newer):
/// `https.ca.location`, a PEM file, a folder of such with the names of `openssl rehash`, or `probe` for this machine's
/// authorities; `https.ca.pem`, the text of such a file. Without either it is this machine's authorities.
///
/// A file is read once. The endpoint's name is always verified.
struct EndpointTrust: Sendable {
    /// What one request is made with; `nil` for the machine's authorities.
    let tls: TLSConfiguration?

    /// Takes the properties out of `properties`.
    /// - Throws: ``Log/LogError/Code/configuration`` when both are given, or there is no certificate where one should be.
    init(takingFrom properties: inout [String: String]) throws(LogError) {
        let location = properties.removeValue(forKey: "https.ca.location")
        let text = properties.removeValue(forKey: "https.ca.pem")
        switch (location, text) {
        case (nil, nil), ("probe", nil): tls = nil
        case (let location?, nil): tls = try Self.trusting(Self.roots(at: location))
        case (nil, let text?):
            let certificates = try Self.certificates("`https.ca.pem`") {
                try NIOSSLCertificate.fromPEMBytes(Array(text.utf8))
            }
            tls = Self.trusting(.certificates(certificates))
        case (_?, _?): throw Self.failure("`https.ca.location` and `https.ca.pem` are both given; leave one out")
        }
    }

    private static func trusting(_ roots: NIOSSLTrustRoots) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = roots
        return configuration
    }

    private static func roots(at path: String) throws(LogError) -> NIOSSLTrustRoots {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw failure("`https.ca.location` \(path) does not exist; name a PEM file, or a folder of such")
        }
        if isFolder.boolValue { return .file(path) }
        return .certificates(
            try certificates("`https.ca.location` \(path)") { try NIOSSLCertificate.fromPEMFile(path) }
        )
    }

    private static func certificates(
        _ name: String,
        _ read: () throws -> [NIOSSLCertificate]
    ) throws(LogError) -> [NIOSSLCertificate] {
        do {
            let certificates = try read()
            if !certificates.isEmpty { return certificates }
        } catch {
            throw failure("\(name) cannot be read as certificates in PEM: \(error)")
        }
        throw failure("\(name) holds no certificate in PEM")
    }

    private static func failure(_ message: String) -> LogError {
        LogError(.configuration, name: "_INVALID_ARG", message: message)
    }
}
