package import ConnectorKit

/// What a `webhook` source listens for.
package struct WebhookSettings: Sendable {
    /// Who may send, and how that is proved.
    package enum Profile: Sendable {
        /// `profile: github`: `X-Hub-Signature-256`. The closure gives the secrets that are valid now, the current one first
        /// and during a rotation the previous one behind it; it is asked for every request and returns at once.
        case github(secrets: @Sendable () -> [[UInt8]])
        /// `profile: none`: everybody who reaches the listener. It has to be written out.
        case none
    }

    /// `listen` (host:port, default: 127.0.0.1:8088): connectors of one worker may share it; port 0 is any free one.
    package let address: ListenAddress
    /// `path` (text, required): begins with `/`; compared byte for byte, without the query.
    package let path: String
    /// `profile` (`github` or `none`, required).
    package let profile: Profile
    /// `max_body` (bytes, default: 1 MiB, for `github` 25 MiB; range: 1-25 MiB): a larger body is answered 413.
    package let maxBody: Int
    /// `content_types` (list, default: application/json): media types without parameters; others are answered 415.
    package let contentTypes: [String]
    /// `body_timeout` (duration, default: 30s, range: 100ms-5m): for the whole body; then 408.
    package let bodyTimeout: Duration
    /// `min_rate` (bytes per second, default: 1 KiB, 0 is off): a body that comes slower than this after
    /// ``bodyGrace`` is answered 408.
    package let minRate: Int
    /// How long a body may be slower than ``minRate``.
    package let bodyGrace: Duration
    /// `key` (jq, optional): gives the record's key from the record made of the request. It must not fail: a payload it
    /// cannot read has no key, and the contract says what is wrong with it.
    package let key: (@Sendable (Record) -> [UInt8]?)?
    /// Called with the status of every answer, on the request's task.
    package let onResponse: @Sendable (Int) -> Void
    /// Called with the address once it is bound.
    package let onListening: @Sendable (ListenAddress) -> Void

    /// - Throws: a ``ConnectorError`` that names the setting.
    package init(
        address: ListenAddress = .standard,
        path: String,
        profile: Profile,
        maxBody: Int? = nil,
        contentTypes: [String] = ["application/json"],
        bodyTimeout: Duration = .seconds(30),
        minRate: Int = 1024,
        bodyGrace: Duration = .seconds(5),
        key: (@Sendable (Record) -> [UInt8]?)? = nil,
        onResponse: @escaping @Sendable (Int) -> Void = { _ in },
        onListening: @escaping @Sendable (ListenAddress) -> Void = { _ in }
    ) throws(ConnectorError) {
        guard path.first == "/", path.utf8.allSatisfy(Self.isPlain), !path.contains("//"), !path.contains("/.") else {
            throw .invalid(
                "path",
                "\(path) is no plain path; begin with / and use letters, digits, '-', '_', '.', '~' and single slashes."
            )
        }
        guard !contentTypes.isEmpty else {
            throw .invalid("content_types", "the list is empty, so that every request would be answered 415.")
        }
        let bodyLimit = maxBody ?? Self.largestBody(of: profile)
        try ConnectorError.check("max_body", bodyLimit, in: 1...(25 << 20))
        try ConnectorError.check("body_timeout", bodyTimeout, in: .milliseconds(100) ... .seconds(300))
        try ConnectorError.check("min_rate", minRate, in: 0...(1 << 20))
        try ConnectorError.check("body_grace", bodyGrace, in: .zero ... .seconds(60))
        self.address = address
        self.path = path
        self.profile = profile
        self.maxBody = bodyLimit
        self.contentTypes = contentTypes.map { $0.lowercased() }
        self.bodyTimeout = bodyTimeout
        self.minRate = minRate
        self.bodyGrace = bodyGrace
        self.key = key
        self.onResponse = onResponse
        self.onListening = onListening
    }

    private static func largestBody(of profile: Profile) -> Int {
        switch profile {
        // GitHub caps its payloads at 25 MB.
        case .github: 25 << 20
        case .none: 1 << 20
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "."), UInt8(ascii: "~"):
            true
        default:
            false
        }
    }
}

/// Where a listener listens.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// 127.0.0.1:8088: reachable from this machine only, until somebody says otherwise.
    package static let standard = ListenAddress(verifiedHost: "127.0.0.1", port: 8088)

    /// A name or an address, without brackets.
    package let host: String
    /// 0 is any free port.
    package let port: Int

    /// - Throws: a ``ConnectorError`` about `listen`.
    package init(host: String, port: Int) throws(ConnectorError) {
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .invalid("listen", "the host is empty or holds spaces; write host:port, for example 127.0.0.1:8088.")
        }
        try ConnectorError.check("listen", port, in: 0...65535)
        self.init(verifiedHost: host, port: port)
    }

    /// Reads `host:port`, `[::1]:port` or `:port` (every interface).
    /// - Throws: a ``ConnectorError`` about `listen`.
    package init(_ text: String) throws(ConnectorError) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]) else {
            throw .invalid("listen", "\(text) is not host:port; write for example 127.0.0.1:8088.")
        }
        var host = text[..<colon]
        if host.first == "[", host.last == "]" { host = host.dropFirst().dropLast() }
        try self.init(host: host.isEmpty ? "0.0.0.0" : String(host), port: port)
    }

    private init(verifiedHost host: String, port: Int) {
        self.host = host
        self.port = port
    }

    func with(port: Int) -> ListenAddress {
        ListenAddress(verifiedHost: host, port: port)
    }

    /// `host:port`, with brackets around an IPv6 address.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
