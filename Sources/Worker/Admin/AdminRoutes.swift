internal import HTTPService
internal import Hummingbird

/// What the worker answers over HTTP: `/healthz`, `/readyz`, `/metrics` and `/connectors`.
///
/// It reads snapshots and never calls into a connector, so that a connector that hangs cannot make it hang.
struct AdminRoutes: Sendable {
    /// Readiness of every desired connector as one JSON object, and whether all are ready. Like the other two it returns
    /// at once, from any thread.
    let readiness: @Sendable () -> (json: [UInt8], ready: Bool)
    /// Prometheus text format.
    let metrics: @Sendable () -> String
    /// State and accounting of every connector, one JSON object a line.
    let connectors: @Sendable () -> [UInt8]

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.serveHealth()
        router.serveMetrics(metrics)
        router.get("/readyz") { [readiness] _, _ in
            let (json, ready) = readiness()
            return Response.fresh(ready ? .ok : .serviceUnavailable, "application/json", json)
        }
        router.get("/connectors") { [connectors] _, _ in
            Response.fresh(.ok, "application/x-ndjson", connectors())
        }
        return router
    }
}
