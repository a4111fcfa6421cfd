internal import Glibc

/// Ports of 127.0.0.1.
package enum LoopbackPort {
    /// A port that was free a moment ago, below the range from which Linux picks ports for outgoing connections.
    package static func free() throws(BrokerError) -> Int {
        for _ in 0..<100 {
            let port = UInt16.random(in: 15_000..<32_000)
            if try canBind(port) { return Int(port) }
        }
        throw BrokerError("found no free port of 127.0.0.1 in 100 attempts")
    }

    /// Whether something listens on `port`.
    package static func answers(_ port: Int) throws(BrokerError) -> Bool {
        try withSocket(UInt16(port)) { socket, address, size in connect(socket, address, size) == 0 }
    }

    private static func canBind(_ port: UInt16) throws(BrokerError) -> Bool {
        try withSocket(port) { socket, address, size in bind(socket, address, size) == 0 }
    }

    private static func withSocket(
        _ port: UInt16,
        _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Bool
    ) throws(BrokerError) -> Bool {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw BrokerError("cannot open a socket: \(String(cString: strerror(errno)))") }
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                body(socket, address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
