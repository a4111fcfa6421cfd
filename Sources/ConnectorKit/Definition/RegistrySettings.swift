/// The `registry:` setting: where a schema registry is, and who asks it. One address alone is the short form.
package struct RegistrySettings: Sendable {
    /// Who asks; what is secret is read again for each request.
    package enum Login: Sendable {
        case nobody
        case basic(user: String, password: SecretSource)
        case bearer(token: SecretSource)
    }

    /// One registry's, or those of its instances; at least one.
    package let urls: [String]
    /// Who asks.
    package let login: Login
    /// PEM files for `https`; `nil` stands for the machine's authorities, or no certificate of our own.
    package let authorities: String?
    /// Our certificate.
    package let certificate: String?
    /// The key of ``certificate``.
    package let key: String?
    /// Of one attempt at one address.
    package let timeout: Duration

    /// `nil` when the settings name no registry.
    /// - Precondition: `fields` were decoded by ``WorkerFields`` and resolved, and have no ``problem(in:)``.
    init?(in settings: Fields) {
        guard let value = settings.value("registry") else { return nil }
        guard case .object(let fields) = value else {
            urls = [settings.string("registry")]
            login = .nobody
            (authorities, certificate, key) = (nil, nil, nil)
            timeout = Self.defaultTimeout
            return
        }
        urls = fields.strings("url")
        if let user = fields.optionalString("user"), fields.isSet("password") {
            login = .basic(user: user, password: fields.secretSource("password"))
        } else {
            login = fields.isSet("token") ? .bearer(token: fields.secretSource("token")) : .nobody
        }
        authorities = fields.optionalString("authorities")
        certificate = fields.optionalString("certificate")
        key = fields.optionalString("key")
        timeout = fields.duration("timeout")
    }

    private static let defaultTimeout = Duration.seconds(5)

    /// The keys of the long form.
    static var specs: [FieldSpec] {
        [
            FieldSpec(
                "url",
                .oneOf([.url, .list(.url, count: 1...100)]),
                .required,
                doc: "Its address, or those of its instances: the first that answers is asked.",
                example: "http://localhost:8081"
            ),
            FieldSpec("user", .string, doc: "Who asks, by `password`."),
            FieldSpec("password", .secret, doc: "Of `user`.", example: "${secret:registry}"),
            FieldSpec(
                "token",
                .secret,
                doc: "A bearer token, in place of user and password; read again for each request."
            ),
            FieldSpec(
                "authorities",
                .path,
                doc: "PEM file of the authorities that its certificate may be of; left out, this machine's."
            ),
            FieldSpec("certificate", .path, doc: "PEM file of our certificate, where it asks for one; needs `key`."),
            FieldSpec("key", .path, doc: "PEM file of the key of `certificate`."),
            FieldSpec(
                "timeout",
                .duration(.milliseconds(100) ... .seconds(60)),
                .byDefault(ScalarGrammar.text(defaultTimeout)),
                doc: "Longest time of one attempt at one address."
            ),
        ]
    }

    /// What stands between the keys; `nil` when nothing does.
    static func problem(in settings: Fields) -> Diagnostic? {
        guard case .object(let fields)? = settings.value("registry") else { return nil }
        if fields.isSet("token"), fields.isSet("user") {
            return contradiction(fields, "token", "`user` says who asks, and so does `token`", "Keep one of them.")
        }
        for (one, other) in [
            ("user", "password"), ("password", "user"), ("certificate", "key"), ("key", "certificate"),
        ]
        where fields.isSet(one) && !fields.isSet(other) {
            return contradiction(
                fields,
                one,
                "`registry.\(one)` is nothing without `registry.\(other)`",
                "Add `\(other)`, or remove `\(one)`."
            )
        }
        return nil
    }

    private static func contradiction(_ fields: Fields, _ key: String, _ message: String, _ fix: String) -> Diagnostic {
        Diagnostic(.contradiction, at: fields.location(of: key), message, fix: fix)
    }
}
