internal import ConnectorKit
internal import Log

extension SinkType {
    static func http(_ environment: ConnectorEnvironment) -> SinkType {
        SinkType(
            name: "http",
            doc:
                "Sends records to an HTTP target, one request per record or per batch, at least once; exactly once where the "
                + "target honours `Idempotency-Key`.",
            fields: httpFields,
            check: { fields in httpFindings(fields) },
            make: { fields, context in
                let connector = context.connector
                let settings = try HTTPSinkSettings(
                    url: TargetURL(fields.string("url")),
                    method: fields.string("method"),
                    headers: fields.secretMap("headers").map { header in .init(header.key) { header.value } },
                    idempotencyKey: fields.bool("idempotency_key"),
                    cluster: { try await environment.logs?.scopeOfPlaces() },
                    timeout: fields.duration("timeout"),
                    batch: fields.optionalObject("batch").map(HTTPSinkSettings.Batch.init),
                    connections: fields.int("connections"),
                    onResponse: { environment.onTargetResponse(connector, $0) }
                )
                return .external(HTTPSink(settings, now: environment.now))
            }
        )
    }

    private static let httpFields: [FieldSpec] = [
        FieldSpec("url", .url, .required, doc: "Where to send; without user name and password."),
        FieldSpec("method", .choice(["POST", "PUT", "PATCH"]), .byDefault("POST"), doc: "The request's method."),
        FieldSpec(
            "headers",
            .map(.string),
            doc: "Headers of every request. A record's own `content-type` is used unless there is one here.",
            example: "{ Authorization: \"Bearer ${secret:tickets-token}\" }"
        ),
        FieldSpec(
            "idempotency_key",
            .bool,
            .byDefault("false"),
            doc:
                "Send `Idempotency-Key` with the record's stable id, which is `<topic>/<partition>/<offset>` (in a cluster that a mirror writes to with the cluster's id before it) or the event's; of a batch, with a hash of its ids."
        ),
        FieldSpec(
            "timeout",
            .duration(.milliseconds(10) ... .seconds(600)),
            .byDefault("10s"),
            doc: "From the start of an attempt to the head of its response."
        ),
        FieldSpec("batch", .object(batchFields), doc: "Many records in one request, where the target can take them."),
        FieldSpec(
            "connections",
            .int(1...1024),
            .byDefault("32"),
            doc: "Connections that are kept open to the target."
        ),
    ]

    private static let batchFields: [FieldSpec] = [
        FieldSpec("max", .int(1...10_000), .byDefault("100"), doc: "Most records in one request."),
        FieldSpec(
            "within",
            .duration(.zero ... .seconds(60)),
            .byDefault("50ms"),
            doc: "Longest wait of the first record for others."
        ),
        .choice(
            "format",
            HTTPSinkSettings.Batch.Format.ndjson,
            doc: "One document per line, or one array of all."
        ),
    ]

    /// What can be seen without the values of references.
    private static func httpFindings(_ fields: Fields) -> [Diagnostic] {
        var findings: [Diagnostic] = []
        let url = fields.string("url")
        if !url.contains("${") {
            do throws(ConnectorError) {
                _ = try TargetURL(url)
            } catch {
                findings.append(error.diagnostic(at: fields.location(of: "url")))
            }
        }
        for (name, value) in fields.secretMap("headers") {
            do throws(ConnectorError) {
                try HTTPSinkSettings.Field(name) { value }.check()
            } catch {
                findings.append(error.diagnostic(at: fields.location(of: "headers")))
            }
        }
        return findings
    }
}

extension HTTPSinkSettings.Batch {
    fileprivate init(_ fields: Fields) {
        self.init(
            BatchPolicy(max: fields.int("max"), within: fields.duration("within")),
            format: fields.choice("format")
        )
    }
}
