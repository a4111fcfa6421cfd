package import ConnectorKit
internal import Logging

extension ConnectorCatalogue {
    /// For what only reads connector files, and for a process that runs one worker: made with an environment of its own.
    package static let builtin = builtin(
        ConnectorEnvironment(listeners: WebhookListeners(logger: Logger(label: "busbar.webhook")))
    )

    /// Everything that ships with busbar.
    package static func builtin(_ environment: ConnectorEnvironment) -> ConnectorCatalogue {
        ConnectorCatalogue(
            sources: [.file(environment), .kafka, .mirror(environment), .webhook(environment)],
            sinks: [.file, .http(environment), .kafka, .mirror]
        )
    }
}
