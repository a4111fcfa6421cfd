/// What an HTTP status means for the record that was sent.
///
/// | status                  | meaning                                                                             |
/// |-------------------------|-------------------------------------------------------------------------------------|
/// | 2xx                     | delivered; a sink that knows failures inside the body (Slack, bulk APIs) looks there first |
/// | 3xx                     | reject `target_4xx`: redirects are not followed (Standard Webhooks), the URL is wrong |
/// | 401, 407                | pause, credentials: nothing is burnt into the DLQ while a token is renewed           |
/// | 403                     | reject `permission`; with Retry-After it is a rate limit (GitHub's secondary limit)  |
/// | 408                     | retry, `timeout`                                                                    |
/// | 409                     | see ``Conflict``                                                                    |
/// | 413                     | reject `too_large`                                                                  |
/// | 425                     | retry, `target_4xx` (RFC 8470)                                                      |
/// | 429                     | retry, `rate_limit`, honouring Retry-After                                          |
/// | other 4xx               | reject `target_4xx`                                                                 |
/// | 504                     | retry, `timeout`                                                                    |
/// | other 5xx               | retry, `target_5xx`, honouring Retry-After                                          |
/// | anything else           | reject `unknown`: not a final HTTP status                                           |
package enum HTTPDisposition {
    /// What a target means by 409.
    package enum Conflict: String, CaseIterable, Sendable {
        /// A request with our idempotency key is still being handled (draft-ietf-httpapi-idempotency-key-header, 2.6):
        /// retry. The choice whenever a key is sent, because the first request may yet fail; taking it for success
        /// could lose the record.
        case inProgress = "in_progress"
        /// The target has the record already (Elasticsearch `op_type=create`, unique ids made by us): delivered. Only
        /// where a connector says so.
        case alreadyDelivered = "already_delivered"
        /// A plain refusal: reject `target_4xx`. The choice when no idempotency key is sent.
        case refused
    }

    /// Classifies a final response.
    ///
    /// - Parameters:
    ///   - status: The status code.
    ///   - retryAfter: The parsed Retry-After header, see ``RetryAfter``.
    ///   - conflict: What 409 means at this target.
    /// - Returns: The sink's answer; its detail names the status and nothing of the body.
    package static func classify(
        status: Int,
        retryAfter: Duration? = nil,
        conflict: Conflict = .refused
    ) -> SinkResult {
        let detail = "HTTP \(status)"
        return switch status {
        case 200...299: .delivered
        case 300...399:
            .reject(.target4xx, detail: "\(detail): redirects are not followed, set `url` to the target")
        case 400...499: clientError(status, retryAfter, conflict, detail)
        case 504: .retry(.timeout, after: retryAfter, detail: detail)
        case 500...599: .retry(.target5xx, after: retryAfter, detail: detail)
        default: .reject(.unknown, detail: "\(detail) is not a final status")
        }
    }

    private static func clientError(
        _ status: Int,
        _ retryAfter: Duration?,
        _ conflict: Conflict,
        _ detail: String
    ) -> SinkResult {
        switch status {
        case 401, 407: .pause(.credentials, detail: "\(detail): the target refuses the credentials")
        case 403 where retryAfter != nil: .retry(.rateLimit, after: retryAfter, detail: detail)
        case 403: .reject(.permission, detail: detail)
        case 408: .retry(.timeout, after: retryAfter, detail: detail)
        case 409: onConflict(conflict, retryAfter, detail)
        case 413: .reject(.tooLarge, detail: detail)
        case 425: .retry(.target4xx, after: retryAfter, detail: detail)
        case 429: .retry(.rateLimit, after: retryAfter, detail: detail)
        default: .reject(.target4xx, detail: detail)
        }
    }

    private static func onConflict(_ conflict: Conflict, _ retryAfter: Duration?, _ detail: String)
        -> SinkResult
    {
        switch conflict {
        case .inProgress: .retry(.target4xx, after: retryAfter, detail: detail)
        case .alreadyDelivered: .delivered
        case .refused: .reject(.target4xx, detail: detail)
        }
    }

    /// Whether the status is evidence against the target's health: what a ``CircuitBreaker`` counts as a failure.
    package static func isTargetTrouble(status: Int) -> Bool {
        status == 408 || (500...599).contains(status)
    }
}
