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
    /// Who asks, for the audit.
    var actor = Actor.anonymous

    /// Somebody who asks.
    struct Actor: Sendable, Equatable {
        let name: String
        let role: RegistryRole

        /// Where nobody is asked who they are.
        static let anonymous = Actor(name: "anonymous", role: .admin)
    }
}

/// What somebody may do; each role may do what those before it may.
package enum RegistryRole: String, Sendable, CaseIterable, Comparable {
    /// Read, look up and check.
    case read
    /// Add versions.
    case register
    /// Delete, and change levels and modes.
    case admin

    package static func < (left: RegistryRole, right: RegistryRole) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .read: 0
        case .register: 1
        case .admin: 2
        }
    }
}

/// What goes back: a status and one JSON value, or the text of a schema, which is one too.
struct RegistryAnswer: Sendable {
    var status: Int
    var body: [UInt8]
}
