/// The parameters of a request. Unknown ones are ignored: clients send some that no server knows.
struct RegistryQuery: Sendable {
    private let values: [String: String]

    init(_ values: [String: String] = [:]) {
        self.values = values
    }

    subscript(name: String) -> String? { values[name] }

    /// Whether a flag is set; Python's clients write `True`.
    func flag(_ name: String) -> Bool { values[name]?.lowercased() == "true" }

    /// The part of a list that `offset` (default 0) and `limit` (default, or negative: all) ask for.
    /// - Throws: 400 for what is no number.
    func page<Element>(_ list: [Element]) throws(RegistryError) -> [Element] {
        let offset = try number("offset") ?? 0
        let limit = try number("limit") ?? -1
        let rest = list.dropFirst(max(0, offset))
        return Array(limit < 0 ? rest : rest.prefix(limit))
    }

    private func number(_ name: String) throws(RegistryError) -> Int? {
        guard let text = values[name] else { return nil }
        guard let number = Int(text) else {
            throw RegistryError(.badRequest, "The parameter '\(name)' must be a whole number.")
        }
        return number
    }
}
