internal import CLibrdkafka
internal import Log

/// The properties of one client, ready for librdkafka.
struct ClientSettings {
    enum Role {
        case consumer, producer

        var type: rd_kafka_type_t {
            switch self {
            case .consumer: RD_KAFKA_CONSUMER
            case .producer: RD_KAFKA_PRODUCER
            }
        }
    }

    /// For every client. Without `socket.nagle.disable`, which Java's client always sets, the small requests of a transaction
    /// may wait 40 ms each for the broker's delayed acknowledgement (RFC 896, RFC 1122 section 4.2.3.2).
    private static let defaults = [
        "socket.keepalive.enable": "true",
        "socket.nagle.disable": "true",
        "reconnect.backoff.max.ms": "2000",
    ]

    let role: Role
    let properties: [String: String]
    let tokenProvider: OAuthTokenProvider?
    let statistics: StatisticsReports?

    /// Layers the properties: `defaults`, then the user's, then `fixed`, which nobody overrides.
    init(
        _ role: Role,
        _ client: ClientConfiguration,
        defaults: [String: String],
        fixed: [String: String]
    ) throws(LogError) {
        try client.validate()
        self.role = role
        var merged = Self.defaults
        merged.merge(defaults) { $1 }
        merged.merge(client.properties) { $1 }
        merged.merge(client.typedProperties(for: role)) { $1 }
        merged.merge(fixed) { $1 }
        merged["bootstrap.servers"] = client.brokers.joined(separator: ",")
        properties = merged
        tokenProvider = client.security?.tokenProvider ?? client.tokenProvider
        statistics = client.statistics
    }

    /// Creates the client. Callbacks find `callbacks` by `rd_kafka_opaque`; the caller keeps it alive until after
    /// `rd_kafka_destroy`.
    func makeClient(_ callbacks: ClientCallbacks) throws(LogError) -> OpaquePointer {
        guard let configuration = unsafe rd_kafka_conf_new() else {
            throw .configuration("librdkafka is out of memory")
        }
        do throws(LogError) {
            for (name, value) in properties.sorted(by: { $0.key < $1.key }) {
                try unsafe set(name, value, in: configuration)
            }
        } catch {
            unsafe rd_kafka_conf_destroy(configuration)
            throw error
        }
        callbacks.prepare(self)
        unsafe callbacks.install(in: configuration, for: role)
        // rd_kafka_new takes the configuration over only when it succeeds.
        var reason = [CChar](repeating: 0, count: 512)
        guard let client = unsafe rd_kafka_new(role.type, configuration, &reason, reason.count) else {
            unsafe rd_kafka_conf_destroy(configuration)
            throw .configuration("librdkafka refuses the configuration: \(text(reason))")
        }
        return unsafe client
    }

    private func set(_ name: String, _ value: String, in configuration: OpaquePointer) throws(LogError) {
        var reason = [CChar](repeating: 0, count: 512)
        switch unsafe rd_kafka_conf_set(configuration, name, value, &reason, reason.count) {
        case RD_KAFKA_CONF_OK:
            return
        case RD_KAFKA_CONF_INVALID where ClientConfiguration.isSecret(name):
            throw .configuration("librdkafka refuses the value of property \(name)")
        default:
            throw .configuration("property \(name): \(text(reason))")
        }
    }

    /// A property of the finished client in milliseconds, librdkafka's default included.
    static func milliseconds(_ name: String, of client: OpaquePointer, otherwise: Int32) -> Int32 {
        var buffer = [CChar](repeating: 0, count: 32)
        var size = buffer.count
        guard let configuration = unsafe rd_kafka_conf(client),
            unsafe rd_kafka_conf_get(configuration, name, &buffer, &size) == RD_KAFKA_CONF_OK
        else { return otherwise }
        return Int32(text(buffer)) ?? otherwise
    }
}

/// The string in a C buffer, up to its first zero.
func text(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

extension Duration {
    /// Whole milliseconds for a C timeout: negative becomes 0, too long becomes the longest.
    var milliseconds: Int32 {
        let (seconds, attoseconds) = components
        let whole = seconds.multipliedReportingOverflow(by: 1000)
        guard !whole.overflow, seconds >= 0 else { return seconds < 0 ? 0 : Int32.max }
        return Int32(clamping: whole.partialValue + attoseconds / 1_000_000_000_000_000)
    }
}
