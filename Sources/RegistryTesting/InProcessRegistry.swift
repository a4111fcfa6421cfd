package import HTTPService
package import Logging
package import Registry

/// A schema registry inside this process, on a port of the loopback: for tests of those who use one.
package struct InProcessRegistry: Sendable {
    /// Where it listens; may be given to ``with(_:port:authentication:tls:limits:logger:_:)`` again.
    package let port: Int
    /// `http://127.0.0.1:<port>`, or `https://…`.
    package let url: String
    /// What the server serves.
    package let registry: Registry

    /// Starts a registry over a storage, lends it, and ends it; the storage is closed. On a free port, unless `port` names
    /// one. Rethrows what `body` throws.
    package static func with<R: Sendable>(
        _ storage: any RegistryStorage,
        port: Int = 0,
        authentication: RegistryAuthentication = .none,
        tls: HTTPServiceTLS? = nil,
        limits: RegistryLimits = RegistryLimits(),
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        _ body: @Sendable (InProcessRegistry) async throws -> R
    ) async throws -> R {
        let registry = try await Registry.open(storage, limits: limits)
        let (ports, announce) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
        let server = RegistryServer(
            registry,
            host: "127.0.0.1",
            port: port,
            logger: logger,
            authentication: authentication,
            tls: tls
        ) { port in
            announce.yield(port)
        }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // A server that does not come up ends the wait for its port.
                defer { announce.finish() }
                try await server.run()
            }
            guard let port = await ports.first(where: { _ in true }) else {
                try await group.waitForAll()
                throw RegistryError(.store, "the server ended before it listened")
            }
            let scheme = tls == nil ? "http" : "https"
            let result = try await body(
                InProcessRegistry(port: port, url: "\(scheme)://127.0.0.1:\(port)", registry: registry)
            )
            group.cancelAll()
            do { try await group.waitForAll() } catch is CancellationError {}
            await registry.close(logger)
            return result
        }
    }
}
