internal import NIOSSL

extension NIOSSLContext {
    /// The server's side of TLS 1.2 and 1.3.
    /// - Throws: ``BrokerError`` with `tls`, naming the file that cannot be used.
    convenience init(_ settings: BrokerConfiguration.TLSConfiguration) throws(BrokerError) {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(settings.certificate).map {
                NIOSSLCertificateSource.certificate($0)
            }
            guard !chain.isEmpty else { throw NIOSSLError.failedToLoadCertificate }
            let key = try NIOSSLPrivateKey(file: settings.key, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain,
                privateKey: .privateKey(key)
            )
            configuration.minimumTLSVersion = .tlsv12
            if let authority = settings.clientAuthority {
                configuration.trustRoots = .file(authority)
                // The name in a client's certificate is not a host's.
                configuration.certificateVerification = .noHostnameVerification
            }
            try self.init(configuration: configuration)
        } catch {
            throw BrokerError(
                .tls,
                "TLS cannot be served with the certificate \(settings.certificate) and the key \(settings.key); "
                    + "both must be PEM files that belong together",
                cause: "\(error)"
            )
        }
    }
}
