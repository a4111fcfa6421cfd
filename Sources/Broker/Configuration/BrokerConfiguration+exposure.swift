extension BrokerConfiguration {
    /// Whether every client proves something: a password, or a certificate of the authority that is trusted.
    package var authenticates: Bool { sasl != nil || tls?.clientAuthority != nil }

    /// Whether only this machine can connect.
    package var isLoopback: Bool {
        let octets = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        let isLoopbackV4 = octets.count == 4 && octets.first == 127 && !octets.contains(nil)
        return host == "localhost" || host == "::1" || isLoopbackV4
    }

    /// Why the broker must not listen as it was told; `nil` when it may.
    package var exposureProblem: (message: String, fix: String)? {
        if !isLoopback, !authenticates, !allowsUnauthenticated {
            return (
                "the broker would listen on \(host), where other machines connect, and ask nobody who they are",
                "Add `sasl:` (and `tls:`), listen on 127.0.0.1, or say --allow-unauthenticated."
            )
        }
        if authorization != nil, !authenticates {
            return (
                "`authorization` rests on knowing who asks, and nobody is asked",
                "Add `sasl:`, or `tls.client_ca:` to know clients by their certificates."
            )
        }
        return nil
    }
}
