internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// One connection of a ``FakeTarget``. Lives on its event loop.
final class TargetHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let target: FakeTarget
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ target: FakeTarget) {
        self.target = target
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let part):
            body += part.readableBytesView
        case .end:
            guard let head else { return }
            respond(to: head, with: target.record(head, body), context)
        }
    }

    private func respond(to head: HTTPRequestHead, with answer: TargetAnswer, _ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        let delay = TimeAmount(answer.delay)
        let send: @Sendable () -> Void = {
            loop.scheduleTask(in: delay) {
                let (handler, context) = bound.value
                handler.send(answer, keepAlive: head.isKeepAlive, context)
            }
        }
        if let gate = answer.gate {
            gate.whenOpen(send)
        } else {
            send()
        }
    }

    private func send(_ answer: TargetAnswer, keepAlive: Bool, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        switch answer.manner {
        case .whole: write(answer, bytes: answer.body.count, closes: !keepAlive, context)
        case .cutShort(let bytes): write(answer, bytes: bytes, closes: true, context)
        case .reset: reset(context)
        case .garbage: garbage(context)
        }
    }

    private func write(_ answer: TargetAnswer, bytes: Int, closes: Bool, _ context: ChannelHandlerContext) {
        var headers = HTTPHeaders(answer.headers.map { ($0.name, $0.value) })
        headers.add(name: "Content-Length", value: String(answer.body.count))
        if closes { headers.add(name: "Connection", value: "close") }
        let status = HTTPResponseStatus(statusCode: answer.status)
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))),
            promise: nil
        )
        if bytes > 0 {
            let part = ByteBuffer(bytes: answer.body.prefix(bytes))
            context.write(wrapOutboundOut(.body(.byteBuffer(part))), promise: nil)
        }
        let isWhole = bytes >= answer.body.count
        let written = context.eventLoop.makePromise(of: Void.self)
        if isWhole {
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
        } else {
            context.flush()
            written.succeed()
        }
        if closes {
            let channel = context.channel
            written.futureResult.whenComplete { _ in channel.close(mode: .all, promise: nil) }
        }
    }

    /// With SO_LINGER on and 0 seconds, close(2) sends RST (socket(7)).
    private func reset(_ context: ChannelHandlerContext) {
        let channel = context.channel
        guard let socket = channel as? any SocketOptionProvider else {
            return channel.close(mode: .all, promise: nil)
        }
        socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in
            channel.close(mode: .all, promise: nil)
        }
    }

    private func garbage(_ context: ChannelHandlerContext) {
        let channel = context.channel
        let bytes = ByteBuffer(string: "\u{16}\u{03}\u{01} this is no HTTP\r\n\r\n")
        do {
            // From the encoder on: what it would have to encode is bypassed.
            let encoder = try context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
            let written = context.eventLoop.makePromise(of: Void.self)
            encoder.writeAndFlush(NIOAny(bytes), promise: written)
            written.futureResult.whenComplete { _ in channel.close(mode: .all, promise: nil) }
        } catch {
            channel.close(mode: .all, promise: nil)
        }
    }
}
