internal import FoundationEssentials

/// How to reach a schema registry.
package struct RegistryClientConfiguration: Sendable {
    /// Who asks.
    package enum Credentials: Sendable {
        case basic(user: String, password: String)
        /// A token, for example a JWT (RFC 6750).
        case bearer(String)
    }

    /// Files in PEM that a connection by `https` is made with; nil members stand for the machine's authorities and no
    /// certificate of our own.
    package struct TLS: Sendable, Hashable {
        /// Authorities that the registry's certificate may be of; in place of the machine's.
        package var authorities: String?
        /// Our certificate, with what leads from it to its authority.
        package var certificate: String?
        /// The key of ``certificate``.
        package var key: String?

        package init(authorities: String? = nil, certificate: String? = nil, key: String? = nil) {
            self.authorities = authorities
            self.certificate = certificate
            self.key = key
        }
    }

    /// Addresses of one registry or of its instances, 1 or more, without a slash at the end. One that fails is left for
    /// the next; the one that answered last is asked first.
    package let urls: [String]
    /// Asked for each request, so that what is rotated is seen; nil asks as nobody.
    package let credentials: @Sendable () throws -> Credentials?
    /// For addresses with `https`.
    package let tls: TLS
    /// Of one attempt at one address, the whole answer included. Default 5 s.
    package var timeout = Duration.seconds(5)
    /// Times that all addresses are tried, 1 or more. Default 3.
    package var rounds = 3
    /// Longest wait before the second round; it doubles for each later one. What is waited is drawn between nothing and
    /// that. Default 200 ms.
    package var firstWait = Duration.milliseconds(200)
    /// Longest wait between two rounds, also where the registry asks for more. Default 5 s.
    package var longestWait = Duration.seconds(5)

    /// - Parameters:
    ///   - urls: `http://host:8081` or `https://host/prefix`, at least one.
    ///   - credentials: who asks.
    ///   - tls: files for `https`.
    /// - Throws: `configuration` for an address that cannot be used.
    package init(
        urls: [String],
        credentials: @escaping @Sendable () throws -> Credentials? = { nil },
        tls: TLS = TLS()
    ) throws(RegistryClientError) {
        guard !urls.isEmpty else {
            throw RegistryClientError(.configuration, "a registry needs an address, for example http://localhost:8081")
        }
        self.urls = try urls.map { text throws(RegistryClientError) in try Self.address(text) }
        self.credentials = credentials
        self.tls = tls
    }

    private static func address(_ text: String) throws(RegistryClientError) -> String {
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
            url.host() != nil, url.query() == nil, url.fragment() == nil
        else {
            // The text may hold what is not to be shown.
            throw RegistryClientError(
                .configuration,
                "the registry's address is no http or https address; write it as http://host:8081"
            )
        }
        guard url.user() == nil, url.password() == nil else {
            throw RegistryClientError(
                .configuration,
                "the registry's address holds a user or password; give them beside the address"
            )
        }
        return String(text.reversed().drop { $0 == "/" }.reversed())
    }
}

extension RegistryClientConfiguration.Credentials: CustomStringConvertible, CustomReflectable {
    /// The kind; never what it is made of.
    package var description: String {
        switch self {
        case .basic: "basic(***)"
        case .bearer: "bearer(***)"
        }
    }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// The value of the header `Authorization`.
    var authorization: String {
        switch self {
        case .basic(let user, let password): "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
        case .bearer(let token): "Bearer " + token
        }
    }
}
