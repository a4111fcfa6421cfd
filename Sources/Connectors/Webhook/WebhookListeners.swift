internal import HummingbirdCore
package import Logging
internal import NIOCore

/// The webhook listeners of one worker, by address.
///
/// An actor, because joining and leaving a listener wait for sockets and must not interleave on one address.
package actor WebhookListeners {
    private struct Entry {
        let listener: WebhookListener
        let start: Task<ListenAddress, any Error>
        var stop: Task<Void, Never>?
    }

    private let limits: WebhookLimits
    private let logger: Logger
    private var entries: [ListenAddress: Entry] = [:]

    /// No address is bound before a source joins.
    package init(limits: WebhookLimits = WebhookLimits(), logger: Logger) {
        self.limits = limits
        self.logger = logger
    }

    /// Serves `route` until ``leave(_:)``; the first route of an address binds it.
    /// - Returns: the bound address.
    /// - Throws: a ``ConnectorError``; then the route is not served.
    func join(_ route: WebhookRoute) async throws -> ListenAddress {
        let address = route.settings.address
        while let stop = entries[address]?.stop { await stop.value }
        let entry = entries[address] ?? open(address)
        try entry.listener.add(route)
        do {
            return try await entry.start.value
        } catch {
            await leave(route)
            throw error
        }
    }

    /// Stops serving `route`, after its requests under way have their answer. The last one closes the listener.
    func leave(_ route: WebhookRoute) async {
        await route.drain()
        let address = route.settings.address
        guard let entry = entries[address], entry.listener.remove(route), entry.stop == nil else { return }
        let stop = Task {
            await entry.listener.stop()
            entries[address] = nil
        }
        entries[address]?.stop = stop
        await stop.value
    }

    private func open(_ address: ListenAddress) -> Entry {
        let listener = WebhookListener(address, limits: limits, logger: logger)
        let entry = Entry(listener: listener, start: Task { try await listener.start() })
        entries[address] = entry
        return entry
    }
}

/// What a listener allows every request, whatever its route.
package struct WebhookLimits: Sendable, Hashable {
    /// Bytes of one header field, name and value. Default: 16 KiB.
    package var headerField = 16 << 10
    /// Bytes of all header fields. Default: 32 KiB.
    package var headerList = 32 << 10
    /// Header fields. Default: 100.
    package var headerFields = 100
    /// How long a connection may be without a whole request head. Default: 30 s.
    package var idle: Duration = .seconds(30)
    /// How long the rest of a refused request is read before its connection is closed. Default: 1 s.
    package var linger: Duration = .seconds(1)

    /// The defaults.
    package init() {}

    var channelConfiguration: HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            idleTimeout: TimeAmount(idle),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: headerField,
                maxHeaderListSize: headerList,
                maxHeaderFieldCount: headerFields
            )
        )
    }
}
