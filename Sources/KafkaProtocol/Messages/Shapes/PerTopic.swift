/// What a message says of the partitions of one topic: the shape that most requests and answers about partitions share.
package struct PerTopic<Partition: Sendable & Equatable>: Sendable, Equatable {
    package var name: String
    package var partitions: [Partition]

    package init(name: String, partitions: [Partition]) {
        self.name = name
        self.partitions = partitions
    }
}

extension PerTopic: WireReadable where Partition: WireReadable {
    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        name = try reader.string()
        partitions = try reader.array(of: Partition.self, version)
        try reader.taggedFields()
    }
}

extension PerTopic: WireWritable where Partition: WireWritable {
    package func write(to writer: inout WireWriter, version: Int16) {
        writer.string(name)
        writer.array(partitions, version)
        writer.taggedFields()
    }
}
