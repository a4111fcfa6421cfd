extension BrokerConfiguration {
    /// Whether every client proves something: a password, or a certificate of the authority that is trusted.
    package var authenticates: Bool { sasl != nil || tls?.clientAuthority != nil }

    /// Whether only this machine can connect.
    package var isLoopback: Bool {
        let octets = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        let isLoopbackV4 = octets.count == 4 && octets.first == 127 && !octets.contains(nil)
        return host == "localhost" || host == "::1" || isLoopbackV4
    }

    /// Why tokens could not be taken as it was told; `nil` when they can, or nobody asked for it.
    package var tokenProblem: (message: String, fix: String)? {
        guard let sasl, sasl.mechanisms.contains(.oauthBearer) != (sasl.tokens != nil) else { return nil }
        return sasl.tokens == nil
            ? (
                "OAUTHBEARER needs to know whose tokens are taken",
                "Add `sasl.oauth:` with `jwks`, `issuer`, `audience`."
            )
            : ("`sasl.oauth` is of no use without the mechanism", "Add OAUTHBEARER to `sasl.mechanisms`.")
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
