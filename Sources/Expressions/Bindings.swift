/// What a program sees besides the payload: `$headers`, `$key` and `$meta`.
package struct Bindings: Sendable {
    /// `$headers`: an object of strings. Of a repeated name the last one counts.
    package var headers: [(name: String, value: String)]

    /// `$key`: a string, or null for a record without key.
    package var key: String?

    /// `$meta`: where the record came from.
    package var meta: Meta

    package init(headers: [(name: String, value: String)] = [], key: String? = nil, meta: Meta = Meta()) {
        self.headers = headers
        self.key = key
        self.meta = meta
    }

    /// `$meta`: `{topic, partition, offset, timestamp, connector}`; what is not known is null.
    package struct Meta: Sendable {
        package var topic: String?
        package var partition: Int?
        package var offset: Int64?
        /// Milliseconds since 1970-01-01 UTC, as Kafka has it.
        package var timestamp: Int64?
        package var connector: String?

        package init(
            topic: String? = nil,
            partition: Int? = nil,
            offset: Int64? = nil,
            timestamp: Int64? = nil,
            connector: String? = nil
        ) {
            self.topic = topic
            self.partition = partition
            self.offset = offset
            self.timestamp = timestamp
            self.connector = connector
        }
    }
}
