internal import Logging
internal import NIOCore
internal import NIOSSL
internal import NIOTLS
internal import Telemetry

/// The channel's end of a connection: bytes in, requests out; answers in, bytes out, in the order of the requests.
///
/// All of it runs on the connection's event loop. Reading stops while too many requests or bytes wait, while the broker
/// has no memory left, and while the client does not read its answers; so what a client can make the broker hold is
/// bounded, and a slow one holds a file handle at most.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = IOData

    /// What the handler needs of the server around it.
    struct Surroundings: Sendable {
        var limits: BrokerConfiguration.ConnectionLimits
        var budget: MemoryBudget
        var metrics: BrokerMetrics
        var logger: Logger
        /// Makes the other half, once the channel is active.
        var connect: @Sendable (NIOLoopBound<ConnectionHandler>, any Channel) -> Connection
        var onClose: @Sendable (Connection) -> Void
    }

    /// A request that was received: the bytes it holds, and its answer once there is one.
    private struct Slot {
        var bytes: Int
        var response: Response?
    }

    private let surroundings: Surroundings
    private var context: ChannelHandlerContext?
    private var connection: Connection?
    private var assembler: FrameAssembler
    private var slots = CircularBuffer<Slot>()
    private var firstSlot: UInt64 = 0
    private var heldBytes = 0
    private var sender = ResponseSender()
    private var awaitsMemory = false
    private var isReading = false
    private var isClosing = false
    private var isSending = false
    private var arrival: Scheduled<Void>?
    private var farewell: Scheduled<Void>?

    init(_ surroundings: Surroundings) {
        self.surroundings = surroundings
        assembler = FrameAssembler(limit: surroundings.limits.requestBytes)
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        let connection = surroundings.connect(NIOLoopBound(self, eventLoop: context.eventLoop), context.channel)
        self.connection = connection
        sender = ResponseSender(isEncrypted: connection.isEncrypted)
        readIfAllowed()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isClosing = true
        arrival?.cancel()
        farewell?.cancel()
        surroundings.budget.release(heldBytes + assembler.granted)
        heldBytes = 0
        slots.removeAll()
        sender.drop()
        if let connection {
            connection.close()
            surroundings.onClose(connection)
        }
        connection = nil
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        assembler.append(unwrapInboundIn(data))
        assemble()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        readIfAllowed()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        send()
        readIfAllowed()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is IdleStateHandler.IdleStateEvent where slots.isEmpty: fail("nothing was asked for too long", .debug)
        case ChannelEvent.inputClosed where slots.isEmpty && sender.isEmpty: context.close(promise: nil)
        case ChannelEvent.inputClosed: isClosing = true
        case TLSUserEvent.handshakeCompleted: identify(context)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    /// The certificate that the client has shown, where it was asked for one, says who it is.
    private func identify(_ context: ChannelHandlerContext) {
        do {
            guard let certificate = try context.pipeline.syncOperations.nioSSL_peerCertificate() else { return }
            guard let subject = DistinguishedName.subject(of: certificate) else {
                return fail("the subject of the client's certificate cannot be read")
            }
            connection?.session.present(certificateOf: subject)
        } catch {
            fail("\(error)")
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A client that resets its connection, or fails the TLS handshake, is its own affair.
        fail("\(error)", .debug)
    }

    /// Takes the answer of a request; answers go out in the order of the requests.
    func complete(_ slot: UInt64, _ response: Response) {
        guard context != nil, slot >= firstSlot, slot - firstSlot < UInt64(slots.count) else { return }
        let index = slots.index(slots.startIndex, offsetBy: Int(slot - firstSlot))
        precondition(slots[index].response == nil, "a request was answered twice")
        slots[index].response = response
        heldBytes -= slots[index].bytes
        surroundings.budget.release(slots[index].bytes)
        slots[index].bytes = 0
        send()
        readIfAllowed()
    }

    /// Closes the connection, with a line in the log.
    func fail(_ reason: String, _ level: Logger.Level = .info) {
        guard let context else { return }
        if !isClosing || level >= .info {
            surroundings.logger.log(
                level: level,
                "a connection was closed",
                metadata: Logger.Metadata([.peer: "\(connection?.host ?? "")", .reason: "\(reason)"])
            )
        }
        isClosing = true
        context.close(promise: nil)
    }

    /// Takes no more requests; closes the connection once those it has are answered.
    func drain() {
        isClosing = true
        send()
    }

    // Requests

    private func assemble() {
        while !isClosing {
            assembler.limit =
                connection?.session.mayOnlyAuthenticate == true
                ? surroundings.limits.unauthenticatedRequestBytes : surroundings.limits.requestBytes
            do throws(FrameAssembler.Refusal) {
                switch try assembler.next() {
                case .frame(let frame): receive(frame)
                case .needsMemory(let wanted): guard reserve(wanted) else { return }
                case .incomplete: return watchArrival()
                }
            } catch {
                surroundings.metrics.refusedFrames.add()
                return fail(error.reason)
            }
        }
    }

    private func receive(_ frame: ByteBuffer) {
        arrival?.cancel()
        arrival = nil
        let slot = firstSlot + UInt64(slots.count)
        slots.append(Slot(bytes: frame.readableBytes))
        heldBytes += frame.readableBytes
        connection?.receive(frame, slot: slot)
    }

    private func reserve(_ bytes: Int) -> Bool {
        guard let context else { return false }
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        let loop = context.eventLoop
        let granted = surroundings.budget.reserve(bytes) {
            loop.execute { handler.value.resumeAfterWait() }
        }
        if granted { assembler.grant(bytes) } else { surroundings.metrics.memoryWaits.add() }
        awaitsMemory = !granted
        return granted
    }

    private func resumeAfterWait() {
        guard awaitsMemory else { return }
        awaitsMemory = false
        assemble()
        readIfAllowed()
    }

    /// A request that has begun must go on arriving, unless it is the broker that does not read.
    private func watchArrival() {
        guard assembler.isMidFrame, arrival == nil, let context else { return }
        let timeout = TimeAmount(surroundings.limits.requestArrival)
        arrival = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) { [self] in
            arrival = nil
            if isReading { fail("a request did not arrive in time") } else { watchArrival() }
        }
    }

    private func readIfAllowed() {
        guard let context, !isReading, !isClosing, !awaitsMemory, context.channel.isWritable,
            slots.count < surroundings.limits.inFlight, heldBytes < surroundings.limits.connectionBytes
        else { return }
        isReading = true
        context.read()
    }

    // Answers

    private func send() {
        // Writing tells of writability at once, on this stack.
        guard let context, !isSending else { return }
        isSending = true
        defer { isSending = false }
        do {
            // A flush can make the channel writable again before it returns: then there is no later event to go on with.
            while context.channel.isWritable, let piece = try nextPiece(context) {
                write(piece, context)
                if !context.channel.isWritable || !hasMore { context.flush() }
            }
        } catch {
            return fail("an answer could not be read from disk: \(error)")
        }
        if sender.isEmpty, sender.closesConnection || isClosing && slots.isEmpty { closeAfterSending() }
    }

    private var hasMore: Bool { !sender.isEmpty || !sender.closesConnection && slots.first?.response != nil }

    private func nextPiece(_ context: ChannelHandlerContext) throws -> ResponseSender.Piece? {
        while true {
            if let piece = try sender.next(context.channel.allocator) { return piece }
            guard !sender.closesConnection, let response = slots.first?.response else { return nil }
            slots.removeFirst()
            firstSlot += 1
            sender.load(response)
        }
    }

    private func write(_ piece: ResponseSender.Piece, _ context: ChannelHandlerContext) {
        switch piece {
        case .bytes(let buffer): context.write(wrapOutboundOut(.byteBuffer(buffer)), promise: nil)
        case .file(let slice):
            // The descriptor stays its owner's: the handle is only lent, and taken back before NIO could close it.
            let handle = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: slice.descriptor)
            let start = Int(slice.position)
            let region = FileRegion(fileHandle: handle, readerIndex: start, endIndex: start + slice.length)
            context.write(wrapOutboundOut(.fileRegion(region))).whenComplete { _ in
                Self.takeBack(handle, of: slice)
            }
        }
    }

    private static func takeBack(_ handle: NIOFileHandle, of slice: FileSlice) {
        withExtendedLifetime(slice.owner) {
            do {
                _ = try handle.takeDescriptorOwnership()
            } catch {
                preconditionFailure("a lent descriptor was closed: \(error)")
            }
        }
    }

    private func closeAfterSending() {
        guard let context, farewell == nil else { return }
        isClosing = true
        let delay = sender.closesConnection ? Self.farewellTime : .zero
        context.writeAndFlush(wrapOutboundOut(.byteBuffer(ByteBuffer()))).assumeIsolated().whenComplete { [self] _ in
            farewell = context.eventLoop.assumeIsolated().scheduleTask(in: delay) { context.close(promise: nil) }
        }
    }

    /// Between an answer that ends its connection and the end: some clients (kafka-python 3) do not see an answer that
    /// comes together with the end of the stream, and then do not know that their password was wrong.
    private static let farewellTime = TimeAmount.milliseconds(100)
}
