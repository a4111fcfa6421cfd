package import ConnectorKit
extension ConnectorCatalogue {
    package static let builtin = ConnectorCatalogue(sources: [], sinks: [])
}
