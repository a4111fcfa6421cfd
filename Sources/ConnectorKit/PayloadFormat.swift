/// How the payload of a record lies in the value of a message.
public enum PayloadFormat: String, Sendable, CaseIterable, Hashable {
    /// The value is the JSON text.
    case json
    /// The JSON text comes with the id of its schema in a registry: before it, or in a header.
    case confluentJSON = "confluent-json"
}

/// How a sink that writes to the log says which schema its records obey.
public struct PayloadEncoding: Sendable, Hashable {
    /// Where the id of the schema stands.
    public enum Place: String, Sendable, CaseIterable, Hashable {
        /// Before the payload: a byte 0 and four bytes of id.
        case prefix
        /// In the header `__value_schema_id`: a byte 1 and the GUID; the payload is bare.
        case header
    }

    /// The subject in the registry whose schema the records obey.
    public var subject: String
    /// A version of ``subject``; `nil` is the latest when the connector starts.
    public var version: Int?
    /// Where the id goes.
    public var place: Place
    /// A contract of the folder, `subject` or `subject@vN`, that is registered under ``subject`` when the connector
    /// starts; `nil` registers nothing.
    public var registered: String?

    /// An encoding as given.
    public init(subject: String, version: Int? = nil, place: Place = .prefix, registered: String? = nil) {
        self.subject = subject
        self.version = version
        self.place = place
        self.registered = registered
    }
}
