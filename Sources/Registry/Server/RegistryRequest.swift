/// A request in the terms of the API, without HTTP around it.
struct RegistryRequest: Sendable {
    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    /// `nil` for a method that no path has.
    var method: Method?
    /// Percent-decoded segments of the path.
    var path: [String]
    var query = RegistryQuery()
    /// Empty for a request without one.
    var body: [UInt8] = []
}

/// What goes back: a status and one JSON value, or the text of a schema, which is one too.
struct RegistryAnswer: Sendable {
    var status: Int
    var body: [UInt8]
}
