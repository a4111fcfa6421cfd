package import ConnectorKit

/// Values for `${…}` references, so that tests need nothing from the machine they run on.
///
/// | reference | value |
/// |---|---|
/// | `${secret:tickets-token}` | `test-tickets-token` |
/// | `${env:TICKETS_URL}`, and other names with `URL`, `URI` or `ENDPOINT` | `http://tickets-url.test` |
/// | `${env:REGION}` | `test-region` |
/// | `${file:/run/token}` | `test-file` |
package enum PlaceholderValues {
    /// What a connector's references resolve to in its tests.
    package static let resolver = SecretResolver(
        environment: { variable(named: $0) },
        file: { _ in "test-file" },
        directory: nil
    )

    private static func variable(named name: String) -> String {
        let secret = "BUSBAR_SECRET_"
        let plain = (name.hasPrefix(secret) ? String(name.dropFirst(secret.count)) : name)
            .lowercased().replacing("_", with: "-")
        let isAddress = ["url", "uri", "endpoint"].contains { plain.contains($0) }
        return isAddress && !name.hasPrefix(secret) ? "http://\(plain).test" : "test-\(plain)"
    }
}
