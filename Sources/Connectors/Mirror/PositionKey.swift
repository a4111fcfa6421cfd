internal import JSON

/// The key of a record of `busbar.offsets`: `["<connector>","<source partition>"]`, as the worker writes it.
struct PositionKey: Hashable {
    let connector: String
    let partition: String

    /// `nil` for what is no such key.
    init?(_ bytes: [UInt8]) {
        do {
            let parts = try JSONParser().withDocument(bytes) { root in
                root.count == 2 ? (root[0]?.string, root[1]?.string) : (nil, nil)
            }
            guard let connector = parts.0, let partition = parts.1 else { return nil }
            self.connector = connector
            self.partition = partition
        } catch {
            return nil
        }
    }
}
