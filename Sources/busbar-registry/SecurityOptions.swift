import ArgumentParser
import Foundation
import Logging
import Registry

/// Who may ask, and how the connection is kept from others.
struct SecurityOptions: ParsableArguments {
    @Option(
        help: """
            File of users, a line each: name, role (read, register or admin), and what --hash-password prints or \
            certificate:<SHA-256 of the certificate in hexadecimal>. Default: nobody is asked.
            """
    )
    var users: String?

    @Flag(help: "Reads a password from standard input, prints its hash for the file of users, and ends.")
    var hashPassword = false

    @Option(help: "JSON Web Key Set of the tokens that are believed; read again when it changes.")
    var tokenKeys: String?

    @Option(help: "What a token's `iss` must be.")
    var tokenIssuer: String?

    @Option(help: "What must be in a token's `aud`.")
    var tokenAudience = "busbar-registry"

    @Option(help: "The claim of a token that holds the role.")
    var tokenRoleClaim = "busbar_role"

    @Option(help: "The server's certificate and those that lead to its authority, PEM.")
    var tlsCertificate: String?

    @Option(help: "The key of the server's certificate, PEM.")
    var tlsKey: String?

    @Option(help: "Authorities of clients' certificates, PEM. With it, every client needs a certificate.")
    var tlsClientAuthority: String?

    func validate() throws {
        guard (tlsCertificate == nil) == (tlsKey == nil), tlsClientAuthority == nil || tlsKey != nil else {
            throw ValidationError(
                "--tls-certificate and --tls-key belong together, and --tls-client-authority needs both."
            )
        }
        guard (tokenKeys == nil) == (tokenIssuer == nil) else {
            throw ValidationError("--token-keys and --token-issuer belong together.")
        }
    }

    /// Whether somebody must say who they are.
    var asksWho: Bool { users != nil || tokenKeys != nil }

    /// - Throws: `RegistryError` for a file that cannot be used.
    func authentication(_ logger: Logger) async throws -> RegistryAuthentication {
        var tokens: RegistryTokens?
        if let tokenKeys, let tokenIssuer {
            tokens = try await RegistryTokens(
                keySet: tokenKeys,
                issuer: tokenIssuer,
                audience: tokenAudience,
                roleClaim: tokenRoleClaim,
                logger: logger
            )
        }
        let text = try users.map { String(decoding: try Self.read($0), as: UTF8.self) }
        return RegistryAuthentication(users: try text.map { try RegistryUsers($0) }, tokens: tokens)
    }

    static func printHash() throws {
        guard let password = readLine(strippingNewline: true), !password.isEmpty else {
            throw ValidationError("Write the password to standard input, for example by pass show registry | …")
        }
        print(try PasswordHash(of: password))
    }

    private static func read(_ path: String) throws -> Data {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw RegistryError(.store, "\(path) cannot be read.")
        }
        return data
    }
}
