/// What administrators see.
extension GroupCoordinator {
    /// The answer to DescribeGroups for one group.
    package func describe(_ groupID: String) -> GroupDescription {
        guard let group = groups[groupID] else {
            return GroupDescription(groupID: groupID, state: .dead, protocolType: "", protocolName: "", members: [])
        }
        let isStable = group.state == .stable
        let name = isStable ? group.protocolName ?? "" : ""
        let members = group.orderedMembers.map { member in
            GroupDescription.Member(
                memberID: member.id,
                instanceID: member.instanceID,
                clientID: member.clientID,
                clientHost: member.clientHost,
                metadata: isStable ? member.metadata(of: name) : [],
                assignment: isStable ? member.assignment : []
            )
        }
        return GroupDescription(
            groupID: groupID,
            state: group.state,
            protocolType: group.protocolType ?? "",
            protocolName: name,
            members: members
        )
    }

    /// The answer to ListGroups, sorted by group. `states` (from version 4) names those that are asked for; `nil` or
    /// empty for all.
    package func list(states: Set<GroupState>? = nil) -> [GroupListing] {
        groups.values
            .filter { group in states.map { $0.isEmpty || $0.contains(group.state) } ?? true }
            .map { GroupListing(groupID: $0.id, protocolType: $0.protocolType ?? "", state: $0.state) }
            .sorted { $0.groupID < $1.groupID }
    }
}
