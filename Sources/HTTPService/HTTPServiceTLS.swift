internal import NIOSSL

/// The files that a server proves itself with, and what its clients must.
package struct HTTPServiceTLS: Sendable {
    /// Path of a PEM file: the certificate, then those that lead to its authority.
    let certificate: String
    /// Path of a PEM file.
    let key: String
    /// Path of a PEM file with the authorities of clients' certificates; nil asks for none. With it, a connection without a
    /// certificate of theirs is not accepted.
    let clientAuthority: String?

    package init(certificate: String, key: String, clientAuthority: String? = nil) {
        self.certificate = certificate
        self.key = key
        self.clientAuthority = clientAuthority
    }

    /// Why the files cannot be used.
    package struct Unusable: Error, CustomStringConvertible {
        package let description: String
    }

    /// Reads the files.
    /// - Throws: ``Unusable`` when one of them cannot be read or is none of what it must be.
    package func check() throws(Unusable) { _ = try configuration() }

    /// TLS 1.2 and 1.3.
    func configuration() throws(Unusable) -> TLSConfiguration {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
            guard !chain.isEmpty else { throw NIOSSLError.failedToLoadCertificate }
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain,
                privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
            )
            configuration.minimumTLSVersion = .tlsv12
            if let clientAuthority {
                configuration.trustRoots = .file(clientAuthority)
                // The name in a client's certificate is not a host's.
                configuration.certificateVerification = .noHostnameVerification
            }
            _ = try NIOSSLContext(configuration: configuration)
            return configuration
        } catch {
            throw Unusable(
                description: "TLS cannot be served with the certificate \(certificate) and the key \(key)"
                    + (clientAuthority.map { " for clients of \($0)" } ?? "")
                    + "; they must be PEM files that belong together: \(error)"
            )
        }
    }
}
