package import ConnectorKit

/// What the `http` sink sends and where.
package struct HTTPSinkSettings: Sendable {
    /// A header of every request. The value is asked for each time, so that a rotated secret is used at once.
    package struct Field: Sendable {
        /// As it is sent.
        package let name: String
        /// The value of now; called once per request, on the task of the attempt.
        package let value: @Sendable () -> SecretString

        /// Checked by ``HTTPSinkSettings``, not here.
        package init(_ name: String, _ value: @escaping @Sendable () -> SecretString) {
            self.name = name
            self.value = value
        }
    }

    /// Many records in one request.
    package struct Batch: Sendable, Hashable {
        /// How the documents are put together.
        package enum Format: String, Sendable, CaseIterable {
            /// One document per line; `application/x-ndjson`.
            case ndjson
            /// One array of all documents; `application/json`.
            case jsonArray = "json_array"
        }

        /// How many records, and how long the first waits.
        package let policy: BatchPolicy
        /// How their documents are put together.
        package let format: Format

        /// Checked by ``HTTPSinkSettings``, not here.
        package init(_ policy: BatchPolicy, format: Format) {
            self.policy = policy
            self.format = format
        }
    }

    /// `url` (text, required): absolute, http or https, without credentials.
    package let url: TargetURL
    /// `method` (POST, PUT or PATCH, default: POST).
    package let method: String
    /// `headers` (map, optional): may hold secrets. `Content-Length`, `Transfer-Encoding`, `Connection` and `Host` are not
    /// the connector's to set.
    package let headers: [Field]
    /// `idempotency_key` (true or false, default: false): sends `Idempotency-Key`, the record's id; of a batch, a hash of its
    /// ids, which is the same when the same batch is sent again.
    package let idempotencyKey: Bool
    /// What stands before the id of a topic's record, asked for once; `nil` is nothing. After a move to another cluster the
    /// same topic, partition and offset are another record, which a target that remembers keys would take for the first one.
    package let cluster: @Sendable () async throws -> String?
    /// `timeout` (duration, default: 10s, range: 10ms-10m): from the start of the attempt to the response's head.
    package let timeout: Duration
    /// `batch` (optional): without it, one request per record. The response speaks for every record of its request.
    package let batch: Batch?
    /// `connections` (number, default: 32, range: 1-1024): kept open to the target.
    package let connections: Int
    /// Called with the status of every response, and 0 for attempts without one; on the attempt's task.
    package let onResponse: @Sendable (Int) -> Void

    /// - Throws: a ``ConnectorError`` that names the setting.
    package init(
        url: TargetURL,
        method: String = "POST",
        headers: [Field] = [],
        idempotencyKey: Bool = false,
        cluster: @escaping @Sendable () async throws -> String? = { nil },
        timeout: Duration = .seconds(10),
        batch: Batch? = nil,
        connections: Int = 32,
        onResponse: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws(ConnectorError) {
        guard ["POST", "PUT", "PATCH"].contains(method) else {
            throw .invalid("method", "\(method) is not supported; use POST, PUT or PATCH.")
        }
        for header in headers { try header.check() }
        try ConnectorError.check("timeout", timeout, in: .milliseconds(10) ... .seconds(600))
        try ConnectorError.check("connections", connections, in: 1...1024)
        if let batch {
            try ConnectorError.check("batch.max", batch.policy.max, in: 1...10_000)
            try ConnectorError.check("batch.within", batch.policy.within, in: .zero ... .seconds(60))
        }
        self.url = url
        self.method = method
        self.headers = headers
        self.idempotencyKey = idempotencyKey
        self.cluster = cluster
        self.timeout = timeout
        self.batch = batch
        self.connections = connections
        self.onResponse = onResponse
    }
}

extension HTTPSinkSettings.Field {
    /// - Throws: a ``ConnectorError`` that names the header and never its value.
    func check() throws(ConnectorError) {
        let setting = "headers.\(name)"
        let reserved = ["content-length", "transfer-encoding", "connection", "host"]
        guard !reserved.contains(name.lowercased()) else {
            throw .invalid(setting, "\(name) is set by the HTTP client; remove it.")
        }
        guard HTTPFieldText.isName(name) else {
            throw .invalid(setting, "\(name) is not a header name (RFC 9110 section 5.1); use letters, digits and '-'.")
        }
        guard HTTPFieldText.isValue(value().reveal()) else {
            throw .invalid(setting, "the value holds line breaks or other control characters; remove them.")
        }
    }
}
