/// Names that people give to secrets, where no field spec tells.
enum SensitiveWord {
    private static let words = [
        "password", "passwd", "secret", "token", "credential", "authorization", "api_key", "api-key", "apikey",
        "private.key", "private_key", "cookie",
    ]

    /// Whether a value called `name` is treated as a secret.
    static func isName(_ name: String) -> Bool {
        let name = name.lowercased()
        return words.contains { name.contains($0) }
    }
}
