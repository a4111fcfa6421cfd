internal import RegistryClient
internal import SchemaCheck

extension RegistrySource {
    /// What a client of the registry is answered.
    init(_ client: RegistryClient) {
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
