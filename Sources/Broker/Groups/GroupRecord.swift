/// `GroupMetadataKey` and `GroupMetadataValue` of Kafka's `group-coordinator` schemas: what a group keeps of itself.
///
/// A value of version 3: version, protocol type, generation, protocol, leader, state timestamp, members; a member is
/// id, instance id, client id, client host, rebalance timeout, session timeout, subscription, assignment.
struct GroupRecord: Hashable {
    struct Member: Hashable {
        var memberID: String
        var instanceID: String?
        var clientID: String
        var clientHost: String
        var rebalanceTimeout: Int32
        var sessionTimeout: Int32
        var subscription: [UInt8]
        var assignment: [UInt8]
    }

    var protocolType: String
    var generation: Int32
    var protocolName: String?
    var leaderID: String?
    /// Milliseconds since 1970 of the last change of state; -1 if unknown.
    var stateTimestamp: Int64
    var members: [Member]

    static func key(group: String) -> [UInt8] {
        var writer = FieldWriter(version: 2)
        writer.put(group)
        return writer.bytes
    }

    var value: [UInt8] {
        var writer = FieldWriter(version: 3)
        writer.put(protocolType)
        writer.put(generation)
        writer.put(nullable: protocolName)
        writer.put(nullable: leaderID)
        writer.put(stateTimestamp)
        writer.put(Int32(clamping: members.count))
        for member in members {
            writer.put(member.memberID)
            writer.put(nullable: member.instanceID)
            writer.put(member.clientID)
            writer.put(member.clientHost)
            writer.put(member.rebalanceTimeout)
            writer.put(member.sessionTimeout)
            writer.put(member.subscription)
            writer.put(member.assignment)
        }
        return writer.bytes
    }
}

extension GroupRecord {
    init(_ bytes: [UInt8]) throws(RecordFormatError) {
        var reader = try FieldReader(bytes, record: "GroupMetadataValue")
        try reader.requireVersion(in: 0...3)
        protocolType = try reader.string("protocolType")
        generation = try reader.number("generation")
        protocolName = try reader.nullableString("protocol")
        leaderID = try reader.nullableString("leader")
        stateTimestamp = reader.version >= 2 ? try reader.number("currentStateTimestamp") : -1
        members = []
        // Four empty strings and arrays are the least that a member of version 0 has.
        for _ in 0..<(try reader.count("members", elementSize: 18) ?? 0) {
            members.append(try Member(&reader))
        }
    }
}

extension GroupRecord.Member {
    fileprivate init(_ reader: inout FieldReader) throws(RecordFormatError) {
        memberID = try reader.string("memberId")
        instanceID = reader.version >= 3 ? try reader.nullableString("groupInstanceId") : nil
        clientID = try reader.string("clientId")
        clientHost = try reader.string("clientHost")
        let rebalance = reader.version >= 1 ? try reader.number("rebalanceTimeout", Int32.self) : nil
        sessionTimeout = try reader.number("sessionTimeout")
        rebalanceTimeout = rebalance ?? sessionTimeout
        subscription = try reader.data("subscription")
        assignment = try reader.data("assignment")
    }
}
