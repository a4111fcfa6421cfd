internal import NIOSSL

extension RegistryClientConfiguration.TLS {
    /// What connections are made with; nil where nothing is asked for that the machine does not give.
    /// - Throws: `configuration` for a file that cannot be read, or one of certificate and key without the other.
    func configuration() throws(RegistryClientError) -> TLSConfiguration? {
        guard authorities != nil || certificate != nil || key != nil else { return nil }
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let authorities {
            configuration.trustRoots = .certificates(try Self.certificates(at: authorities))
        }
        switch (certificate, key) {
        case (nil, nil): break
        case (let certificate?, let key?):
            configuration.certificateChain = try Self.certificates(at: certificate).map { .certificate($0) }
            configuration.privateKey = .privateKey(try Self.privateKey(at: key))
        default:
            throw RegistryClientError(
                .configuration,
                "a certificate for the registry needs its key, and a key its certificate: give both or neither"
            )
        }
        return configuration
    }

    private static func certificates(at path: String) throws(RegistryClientError) -> [NIOSSLCertificate] {
        do {
            let certificates = try NIOSSLCertificate.fromPEMFile(path)
            if !certificates.isEmpty { return certificates }
        } catch {
            throw RegistryClientError(.configuration, "\(path) cannot be read as certificates in PEM: \(error)")
        }
        throw RegistryClientError(.configuration, "\(path) holds no certificate in PEM")
    }

    private static func privateKey(at path: String) throws(RegistryClientError) -> NIOSSLPrivateKey {
        do {
            return try NIOSSLPrivateKey(file: path, format: .pem)
        } catch {
            throw RegistryClientError(.configuration, "\(path) cannot be read as a private key in PEM: \(error)")
        }
    }
}
