internal import Foundation
internal import RegistryClient
internal import SchemaCheck

extension ReleasedSource {
    /// The registry at an address, asked as the environment says.
    func registry(_ url: String) throws -> RegistrySource {
        let environment = ProcessInfo.processInfo.environment
        let credentials = Self.credentials(in: environment)
        do throws(RegistryClientError) {
            let configuration = try RegistryClientConfiguration(
                urls: [url],
                credentials: { credentials },
                tls: .init(authorities: environment["BUSBAR_REGISTRY_CA"])
            )
            return RegistrySource(try RegistryClient(configuration))
        } catch {
            throw CheckError(.registry, error.message)
        }
    }

    private static func credentials(in environment: [String: String]) -> RegistryClientConfiguration.Credentials? {
        if let token = environment["BUSBAR_REGISTRY_TOKEN"], !token.isEmpty { return .bearer(token) }
        guard let user = environment["BUSBAR_REGISTRY_USER"], !user.isEmpty else { return nil }
        return .basic(user: user, password: environment["BUSBAR_REGISTRY_PASSWORD"] ?? "")
    }
}

extension RegistrySource {
    /// What a client of the registry is answered.
    fileprivate init(_ client: RegistryClient) {
        self.init(
            versions: { subject async throws(CheckError) in
                do throws(RegistryClientError) {
                    return try await client.versions(of: subject)
                } catch {
                    if error.code == .notFound { return nil }
                    throw CheckError(.registry, error.message)
                }
            },
            schema: { subject, version async throws(CheckError) in
                do throws(RegistryClientError) {
                    return Array(try await client.schema(subject: subject, version: .number(version)).text.utf8)
                } catch {
                    throw CheckError(.registry, error.message)
                }
            }
        )
    }
}
