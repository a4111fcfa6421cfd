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
    ///   - source: makes the stand-in for a source outside the log, from its fields.
    /// - Returns: a catalogue for this scene only.
    func staged(
        in scene: TestScene,
        timeout: Duration,
        source: @escaping @Sendable (SourceType, Fields, ConnectorContext) throws -> any Source
    ) -> ConnectorCatalogue {
        ConnectorCatalogue(
            sources: sources.map { type in
                SourceType(
                    name: type.name,
                    kind: type.kind,
                    doc: type.doc,
                    fields: type.fields,
                    keepsPlaces: type.keepsPlaces,
                    check: type.check
                ) { fields, context in
                    guard type.kind == .log else { return .external(try source(type, fields, context)) }
                    guard case .log(let real) = try type.make(fields, context) else {
                        throw TestFailure("the source `\(type.name)` says that it reads the log, and does not")
                    }
                    return .log(LogSourceSettings(topics: [real.sample], start: .earliest))
                }
            },
            sinks: sinks.map { type in
                SinkType(
                    name: type.name,
                    doc: type.doc,
                    fields: type.fields,
                    needsPlaces: type.needsPlaces,
                    check: type.check
                ) { fields, context in
                    switch try type.make(fields, context) {
                    case .log(let sink):
                        return .log(sink)
                    case .external(let real):
                        let blueprint = type.name == "http" ? RequestBlueprint(fields) : nil
                        let limit = fields.known("timeout") ? fields.duration("timeout") : timeout
                        return .external(ScriptedSink(real: real, blueprint: blueprint, timeout: limit, scene: scene))
                    }
                }
            }
        )
    }
}

extension LogSourceSettings {
    /// One topic that the source reads; for a pattern, the plainest name that it takes.
    var sample: TopicName {
        let fallback = TopicName("test.input")
        guard let first = topics.first else { return fallback }
        guard first.rawValue.hasPrefix("^") else { return first }
        let plain = first.rawValue.replacing("\\.", with: ".").replacing(".*", with: "test")
            .replacing(".+", with: "test").filter { $0 != "^" && $0 != "$" }
        let candidate = TopicName(plain)
        return candidate.isValid ? candidate : fallback
    }
}
