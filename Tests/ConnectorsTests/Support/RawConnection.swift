import Connectors
import NIOCore
import NIOPosix

/// A TCP connection for requests that no HTTP client would send.
struct RawConnection {
    private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

    static func open(_ address: ListenAddress) async throws -> RawConnection {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: address.host, port: address.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true)
                    )
                }
            }
        return RawConnection(channel: channel)
    }

    /// Sends `text` and returns the first bytes of the answer; empty when the connection is closed without one.
    func exchange(_ text: String, halfClose: Bool = false) async throws -> String {
        try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            if halfClose { outbound.finish() }
            for try await part in inbound where part.readableBytes > 0 { return String(buffer: part) }
            return ""
        }
    }
}
