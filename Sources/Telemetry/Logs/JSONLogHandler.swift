package import Logging

/// Writes each log event as one line of JSON:
///
/// ```
/// {"ts":"2026-11-22T14:53:28.042Z","level":"info","message":"record delivered","logger":"busbar","kafka.topic":"t"}
/// ```
///
/// `ts`, `level`, `message` and `logger` come first, then the metadata in the order of its keys. Nested dictionaries
/// are flattened with dots, arrays with their indices. Every metadata value is a string, as swift-log has it. An event's
/// own metadata goes before the provider's, the provider's before the logger's. Metadata that would repeat one of the
/// first four names is written under `metadata.<name>`.
package struct JSONLogHandler: LogHandler {
    /// The least important level that is written.
    package var logLevel: Logger.Level
    /// What every line of the logger carries.
    package var metadata: Logger.Metadata = [:]
    /// Adds metadata to each event.
    package var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let lineLimit: Int
    private let write: @Sendable ([UInt8]) -> Void
    private let now: @Sendable () -> LogTime
    /// Bytes of one value before it is cut.
    private static let stringLimit = 2048
    private static let ownNames: Set<String> = ["ts", "level", "message", "logger", "truncated"]

    /// - Parameters:
    ///   - label: The logger's label.
    ///   - level: The least important level that is written.
    ///   - metadataProvider: Adds metadata to each event, for example the trace.
    ///   - lineLimit: Bytes of a line, 256 or more; what does not fit is left out and the line says `truncated`.
    ///   - now: The wall clock.
    ///   - write: Takes each finished line, line feed included; standard error by default.
    package init(
        label: String,
        level: Logger.Level = .info,
        metadataProvider: Logger.MetadataProvider? = nil,
        lineLimit: Int = 16_384,
        now: @escaping @Sendable () -> LogTime = LogTime.now,
        write: @escaping @Sendable ([UInt8]) -> Void = { LogOutput.standardError.write($0) }
    ) {
        self.label = label
        self.logLevel = level
        self.metadataProvider = metadataProvider
        self.lineLimit = lineLimit
        self.now = now
        self.write = write
    }

    /// One value of ``metadata``.
    package subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes the event as one line; see the type for the order of its members.
    package func log(event: LogEvent) {
        var line = JSONLine(limit: lineLimit, stringLimit: JSONLogHandler.stringLimit)
        line.add("ts", now().rfc3339)
        line.add("level", event.level.rawValue)
        line.add("message", event.message.description)
        line.add("logger", label)
        for (name, value) in flattened(merged(event)).sorted(by: { $0.key < $1.key }) {
            line.add(JSONLogHandler.ownNames.contains(name) ? "metadata.\(name)" : name, value)
        }
        write(line.finish())
    }

    private func merged(_ event: LogEvent) -> Logger.Metadata {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, later in later } }
        if let own = event.metadata { all.merge(own) { _, later in later } }
        if let error = event.error {
            all[LogKey.error.rawValue] = all[LogKey.error.rawValue] ?? .string(String(describing: error))
        }
        return all
    }

    private func flattened(_ metadata: Logger.Metadata) -> [String: String] {
        var flat: [String: String] = [:]
        for (key, value) in metadata { flatten(value, under: key, into: &flat) }
        return flat
    }

    private func flatten(_ value: Logger.MetadataValue, under key: String, into flat: inout [String: String]) {
        switch value {
        case .string(let text): flat[key] = text
        case .stringConvertible(let convertible): flat[key] = convertible.description
        case .dictionary(let members):
            for (name, member) in members { flatten(member, under: "\(key).\(name)", into: &flat) }
        case .array(let elements):
            for (index, element) in elements.enumerated() { flatten(element, under: "\(key).\(index)", into: &flat) }
        }
    }
}
