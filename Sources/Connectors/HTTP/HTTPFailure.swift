internal import AsyncHTTPClient
internal import Delivery
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// What an attempt that brought no response means for its records.
enum HTTPFailure {
    /// | failure | answer |
    /// |---|---|
    /// | no connection, response or answer in time | retry `timeout` |
    /// | refused, reset, closed early, name not resolved, not HTTP | retry `target_5xx` |
    /// | TLS cannot be established | pause `policy`: a wrong certificate concerns every record |
    /// | cancelled | retry `unknown` |
    /// | the request itself is impossible | fatal |
    static func result(_ error: any Error, target: TargetURL) -> SinkResult {
        switch error {
        case is CancellationError:
            .retry(.unknown, detail: "the attempt was cancelled")
        case let error as HTTPClientError:
            result(error, target)
        case let error as NIOConnectionError:
            .retry(.target5xx, detail: "no connection to \(target): \(error.connectionErrors.first?.error ?? error)")
        case is HTTPParserError:
            .retry(.target5xx, detail: "\(target) does not answer in HTTP")
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            .pause(.target, detail: "no TLS connection to \(target): \(error); check its certificate and name")
        case let error as IOError:
            .retry(.target5xx, detail: "no connection to \(target): \(error)")
        default:
            .retry(.target5xx, detail: "no connection to \(target): \(type(of: error))")
        }
    }

    private static func result(_ error: HTTPClientError, _ target: TargetURL) -> SinkResult {
        let timeouts: [HTTPClientError] = [
            .deadlineExceeded, .readTimeout, .writeTimeout, .connectTimeout, .getConnectionFromPoolTimeout,
            .tlsHandshakeTimeout, .httpProxyHandshakeTimeout, .socksHandshakeTimeout,
        ]
        let impossible: [HTTPClientError] = [.invalidURL, .emptyHost, .emptyScheme, .alreadyShutdown]
        if timeouts.contains(error) {
            return .retry(.timeout, detail: "no answer from \(target) in time (\(error.shortDescription))")
        }
        if error == .cancelled { return .retry(.unknown, detail: "the attempt was cancelled") }
        if impossible.contains(error) { return .fatal(detail: "the request is impossible: \(error.shortDescription)") }
        return .retry(.target5xx, detail: "no connection to \(target): \(error.shortDescription)")
    }
}
