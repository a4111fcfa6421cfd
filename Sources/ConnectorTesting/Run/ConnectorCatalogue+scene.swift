internal import ConnectorKit
internal import Log
internal import Synchronization

extension ConnectorCatalogue {
    /// The same sources and sinks, with everything outside the log replaced by what the test says.
    ///
    /// Sinks are made for real, which proves their settings, and then stood in for; sources outside the log are not made.
    ///
    /// - Parameters:
    ///   - scene: where the test takes place.
    ///   - timeout: of one attempt.
    ///   - topic: what a source that reads the log reads instead.
    ///   - source: makes the stand-in for a source outside the log, from its fields.
    func staged(
        in scene: TestScene,
        timeout: Duration,
        reading topic: TopicName,
        source: @escaping @Sendable (SourceType, Fields, ConnectorContext) throws -> any Source
    ) -> ConnectorCatalogue {
        ConnectorCatalogue(
            sources: sources.map { type in
                SourceType(name: type.name, kind: type.kind, doc: type.doc, fields: type.fields, check: type.check) {
                    fields,
                    context in
                    guard type.kind == .log else { return .external(try source(type, fields, context)) }
                    // Made for real first, so that settings that cannot work show up.
                    _ = try type.make(fields, context)
                    return .log(LogSourceSettings(topics: [topic], start: .earliest))
                }
            },
            sinks: sinks.map { type in
                SinkType(name: type.name, doc: type.doc, fields: type.fields, check: type.check) { fields, context in
                    switch try type.make(fields, context) {
                    case .log(let sink):
                        return .log(sink)
                    case .external(let real):
                        let blueprint = type.name == "http" ? RequestBlueprint(fields) : nil
                        return .external(
                            ScriptedSink(real: real, blueprint: blueprint, timeout: timeout, scene: scene)
                        )
                    }
                }
            }
        )
    }
}

extension ConnectorDefinition {
    /// A topic that the connector's source reads; for a pattern, the plainest name that it takes.
    var inputTopic: TopicName {
        let fallback = TopicName("busbar.test.input")
        let fields = source.fields
        guard source.type.kind == .log, fields.known("topic"), let name = fields.strings("topic").first else {
            return fallback
        }
        guard name.hasPrefix("^") else { return TopicName(name) }
        let plain = name.replacing("\\.", with: ".").replacing(".*", with: "test").replacing(".+", with: "test")
            .filter { $0 != "^" && $0 != "$" }
        let candidate = TopicName(plain)
        return candidate.isValid ? candidate : fallback
    }
}
