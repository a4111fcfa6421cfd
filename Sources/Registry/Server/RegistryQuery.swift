/// The parameters of a request. Unknown ones are ignored: clients send some that no server knows.
struct RegistryQuery: Sendable {
    private let values: [String: [String]]

    init(_ values: [(String, String)] = []) {
        self.values = Dictionary(grouping: values, by: \.0).mapValues { $0.map(\.1) }
    }

    subscript(name: String) -> String? { values[name]?.first }

    /// Every value of a parameter that may be repeated, in order.
    func all(_ name: String) -> [String] { values[name] ?? [] }

    /// Whether a flag is set; Python's clients write `True`.
    func flag(_ name: String) -> Bool { self[name]?.lowercased() == "true" }

    /// The part of a list that `offset` (default 0) and `limit` (default, or negative: all) ask for.
    /// - Throws: 400 for what is no number.
    func page<Element>(_ list: [Element], atMost bound: Int = .max) throws(RegistryError) -> [Element] {
        let offset = try number("offset") ?? 0
        let limit = try number("limit") ?? -1
        let rest = list.dropFirst(max(0, offset))
        return Array(rest.prefix(limit < 0 ? bound : min(limit, bound)))
    }

    private func number(_ name: String) throws(RegistryError) -> Int? {
        guard let text = self[name] else { return nil }
        guard let number = Int(text) else {
            throw RegistryError(.badRequest, "The parameter '\(name)' must be a whole number.")
        }
        return number
    }
}
