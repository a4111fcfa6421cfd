internal import Logging
internal import Telemetry

extension AuditEntry {
    /// The audit's line: who did what to which subject. Never a schema's text.
    func metadata(by actor: RegistryRequest.Actor) -> Logger.Metadata {
        var metadata = Logger.Metadata([
            .registryAction: "\(action.rawValue)", .actor: "\(actor.name)",
        ])
        if let subject { metadata[.subject] = "\(subject)" }
        if !versions.isEmpty { metadata[.schemaVersions] = "\(versions.map(String.init).joined(separator: ","))" }
        if let id { metadata[.schemaID] = "\(id)" }
        if let value { metadata[.registrySetting] = "\(value)" }
        return metadata
    }
}
