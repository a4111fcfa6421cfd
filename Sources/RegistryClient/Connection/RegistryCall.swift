internal import Contracts
internal import JSON

/// One request of the registry's API.
struct RegistryCall: Sendable, CustomStringConvertible {
    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    let method: Method
    /// From the slash on, percent-encoded, with its query.
    let path: String
    let body: JSON?

    /// For messages: what is asked, without what is sent.
    var description: String { "\(method.rawValue) \(path)" }

    /// - Parameters:
    ///   - segments: of the path, as they are: they are encoded here.
    ///   - method: what to do.
    ///   - query: names and values, as they are.
    ///   - body: sent as JSON.
    init(
        _ segments: [String],
        method: Method = .get,
        query: [(name: String, value: String)] = [],
        body: JSON? = nil
    ) {
        self.method = method
        // Subjects may hold slashes, blanks and any letter.
        let path = "/" + segments.map(PercentEncoding.component).joined(separator: "/")
        let pairs = query.map { "\(PercentEncoding.component($0.name))=\(PercentEncoding.component($0.value))" }
        self.path = pairs.isEmpty ? path : path + "?" + pairs.joined(separator: "&")
        self.body = body
    }
}
