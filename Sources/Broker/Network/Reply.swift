/// Where the answer of one request goes. Any thread; the answer goes out when those of all earlier requests of the
/// connection have. An answer to a connection that is gone is dropped.
///
/// Every request is answered exactly once: one that is not holds up its connection for good.
struct Reply: Sendable {
    let slot: UInt64
    let connection: Connection

    func send(_ response: Response) {
        connection.complete(slot, response)
    }
}
