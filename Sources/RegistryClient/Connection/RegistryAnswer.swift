internal import JSON

/// What came back, and what it means.
struct RegistryAnswer {
    let status: Int
    let body: [UInt8]
    let retryAfter: String?
    let call: RegistryCall
    let url: String

    /// The answer to what was asked.
    /// - Throws: what the registry says instead.
    func value() throws(RegistryClientError) -> JSON {
        guard (200...299).contains(status) else { throw refusal }
        do {
            return try JSON(parsing: body)
        } catch {
            throw noRegistry("answered \(status) with what is no JSON")
        }
    }

    private var refusal: RegistryClientError {
        let parts = parts
        switch status {
        case 401: return error(.unauthenticated, "does not know who asks for \(call)", parts)
        case 403: return error(.forbidden, "does not allow \(call)", parts)
        // Without the registry's own number, a 404 is of somebody who knows nothing of schemas.
        case 404 where parts.code.map { $0 / 100 == 404 } == true:
            return error(.notFound, "has none for \(call)", parts)
        case 409: return error(.incompatible, "refuses \(call)", parts)
        case 422: return error(.invalid, "refuses \(call)", parts)
        case 408, 429, 500...599:
            var failure = error(.unavailable, "cannot answer \(call) now (\(status))", parts)
            failure.retryAfter = retryAfter.flatMap { Int($0) }.map { .seconds(max(0, $0)) }
            return failure
        case 300...399: return noRegistry("answered \(status); give the address that it points to")
        default: return noRegistry("answered \(status)")
        }
    }

    private var parts: (code: Int?, message: String?) {
        do {
            let json = try JSON(parsing: body)
            return (json["error_code"]?.number?.int64.map { Int($0) }, json["message"]?.string)
        } catch {
            return (nil, nil)
        }
    }

    private func error(
        _ code: RegistryClientError.Code,
        _ words: String,
        _ parts: (code: Int?, message: String?)
    ) -> RegistryClientError {
        // A verdict may quote whole schemas.
        let detail = parts.message.map { ": \($0.prefix(4096))" } ?? ""
        return RegistryClientError(
            code,
            "the registry at \(url) \(words)\(detail)",
            status: status,
            errorCode: parts.code
        )
    }

    private func noRegistry(_ words: String) -> RegistryClientError {
        RegistryClientError(
            .noRegistry,
            "what is at \(url) is no schema registry, or not at this path: \(call) \(words)",
            status: status
        )
    }
}
