internal import KafkaProtocol
internal import NIOCore

extension RequestDispatcher {
    /// FindCoordinator: this node, for whatever key.
    func findCoordinator(_ request: FindCoordinatorRequest, _ call: Call) {
        let address = node.advertisedAddress
        let coordinators = request.coordinatorKeys.map { key -> FindCoordinatorResponse.Coordinator in
            let refusal: ErrorCode? =
                switch request.keyType {
                case .group: node.allows(call, .describe, .group, key) ? nil : .groupAuthorizationFailed
                case .transaction:
                    node.allows(call, .describe, .transactionalID, key) ? nil : .transactionalIDAuthorizationFailed
                case .share: .invalidRequest
                }
            if let refusal { return .init(key: key, errorCode: refusal) }
            return .init(
                key: key,
                nodeID: node.configuration.nodeID,
                host: address.host,
                port: address.port
            )
        }
        call.answer(FindCoordinatorResponse(coordinators: coordinators))
    }

    /// JoinGroup: answered when the rebalance is complete.
    func joinGroup(_ request: JoinGroupRequest, _ call: Call) {
        guard node.allows(call, .read, .group, request.groupID) else {
            return call.answer(
                JoinGroupResponse(
                    errorCode: .groupAuthorizationFailed,
                    leader: "",
                    memberID: request.memberID,
                    members: []
                )
            )
        }
        let token = node.groups.token { reply in
            guard case .join(let join) = reply else { return }
            call.answer(JoinGroupResponse(join, version: call.version))
        }
        node.groups.post(.join(JoinRequest(request, call), token))
    }

    /// SyncGroup: answered when the leader's assignment is durable.
    func syncGroup(_ request: SyncGroupRequest, _ call: Call) {
        guard node.allows(call, .read, .group, request.groupID) else {
            return call.answer(SyncGroupResponse(errorCode: .groupAuthorizationFailed, assignment: ByteBuffer()))
        }
        let sync = SyncRequest(
            member: GroupMember(
                groupID: request.groupID,
                memberID: request.memberID,
                instanceID: request.groupInstanceID,
                generation: request.generationID
            ),
            protocolType: request.protocolType,
            protocolName: request.protocolName,
            assignments: Dictionary(
                request.assignments.map { ($0.memberID, Array($0.assignment.readableBytesView)) },
                uniquingKeysWith: { _, last in last }
            )
        )
        let token = node.groups.token { reply in
            guard case .sync(let sync) = reply else { return }
            call.answer(
                SyncGroupResponse(
                    errorCode: ErrorCode(sync.error),
                    protocolType: sync.protocolType,
                    protocolName: sync.protocolName,
                    assignment: ByteBuffer(bytes: sync.assignment)
                )
            )
        }
        node.groups.post(.sync(sync, token))
    }

    /// Heartbeat.
    func heartbeat(_ request: HeartbeatRequest, _ call: Call) {
        guard node.allows(call, .read, .group, request.groupID) else {
            return call.answer(HeartbeatResponse(errorCode: .groupAuthorizationFailed))
        }
        let member = GroupMember(
            groupID: request.groupID,
            memberID: request.memberID,
            instanceID: request.groupInstanceID,
            generation: request.generationID
        )
        let token = node.groups.token { reply in
            guard case .heartbeat(let error) = reply else { return }
            call.answer(HeartbeatResponse(errorCode: ErrorCode(error)))
        }
        node.groups.post(.heartbeat(member, token))
    }

    /// LeaveGroup.
    func leaveGroup(_ request: LeaveGroupRequest, _ call: Call) {
        guard node.allows(call, .read, .group, request.groupID) else {
            return call.answer(LeaveGroupResponse(errorCode: .groupAuthorizationFailed))
        }
        let members = request.members.map {
            LeavingMember(memberID: $0.memberID, instanceID: $0.groupInstanceID, reason: $0.reason)
        }
        let token = node.groups.token { reply in
            guard case .leave(let error, let left) = reply else { return }
            call.answer(
                LeaveGroupResponse(
                    errorCode: ErrorCode(error),
                    members: left.map {
                        .init(memberID: $0.memberID, groupInstanceID: $0.instanceID, errorCode: ErrorCode($0.error))
                    }
                )
            )
        }
        node.groups.post(.leave(groupID: request.groupID, members, token))
    }

    /// DescribeGroups.
    func describeGroups(_ request: DescribeGroupsRequest, _ call: Call) {
        let groups = request.groups.map { id -> DescribeGroupsResponse.Group in
            guard node.allows(call, .describe, .group, id) else {
                return .init(
                    errorCode: .groupAuthorizationFailed,
                    groupID: id,
                    groupState: "",
                    protocolType: "",
                    protocolData: "",
                    members: []
                )
            }
            let description = node.groups.read { $0.describe(id) }
            return .init(
                description,
                operations: request.includeAuthorizedOperations ? authorizedOperations(call, .group, id) : .min
            )
        }
        call.answer(DescribeGroupsResponse(groups: groups))
    }

    /// ListGroups.
    func listGroups(_ request: ListGroupsRequest, _ call: Call) {
        let wanted = Set(request.statesFilter.map { $0.lowercased() })
        let states = Set(GroupState.allCases.filter { wanted.contains($0.rawValue.lowercased()) })
        guard wanted.isEmpty || !states.isEmpty else { return call.answer(ListGroupsResponse(groups: [])) }
        let all = node.groups.read { $0.list(states: states) }
        let seesAll = node.allowsCluster(call, .describe)
        let seen = all.filter { seesAll || node.allows(call, .describe, .group, $0.groupID) }
        call.answer(
            ListGroupsResponse(
                groups: seen.map {
                    .init(groupID: $0.groupID, protocolType: $0.protocolType, groupState: $0.state.rawValue)
                }
            )
        )
    }

    /// DeleteGroups.
    func deleteGroups(_ request: DeleteGroupsRequest, _ call: Call) {
        let refused = request.groupsNames.filter { !node.allows(call, .delete, .group, $0) }
        let allowed = request.groupsNames.filter { !refused.contains($0) }
        let refusals = refused.map {
            DeleteGroupsResponse.Result(groupID: $0, errorCode: .groupAuthorizationFailed)
        }
        let token = node.groups.token { reply in
            guard case .deleteGroups(let outcomes) = reply else { return }
            let results = outcomes.map {
                DeleteGroupsResponse.Result(groupID: $0.groupID, errorCode: ErrorCode($0.error))
            }
            call.answer(DeleteGroupsResponse(results: results + refusals))
        }
        node.groups.post(.deleteGroups(allowed, token))
    }
}

extension JoinRequest {
    fileprivate init(_ request: JoinGroupRequest, _ call: Call) {
        self.init(
            groupID: request.groupID,
            memberID: request.memberID,
            instanceID: request.groupInstanceID,
            clientID: call.clientID,
            clientHost: "/\(call.client.host)",
            sessionTimeout: request.sessionTimeoutMs,
            rebalanceTimeout: request.rebalanceTimeoutMs,
            protocolType: request.protocolType,
            strategies: request.protocols.map {
                Strategy(name: $0.name, metadata: Array($0.metadata.readableBytesView))
            },
            requiresKnownMemberID: call.version >= 4,
            supportsSkippingAssignment: call.version >= 9,
            freshSuffix: KafkaUUID.random().description,
            reason: request.reason
        )
    }
}

extension JoinGroupResponse {
    fileprivate init(_ reply: JoinReply, version: Int16) {
        self.init(
            errorCode: ErrorCode(reply.error),
            generationID: reply.generation,
            protocolType: reply.protocolType,
            protocolName: reply.protocolName ?? (version < 7 ? "" : nil),
            leader: reply.leaderID,
            skipAssignment: reply.skipsAssignment,
            memberID: reply.memberID,
            members: reply.members.map {
                .init(memberID: $0.memberID, groupInstanceID: $0.instanceID, metadata: ByteBuffer(bytes: $0.metadata))
            }
        )
    }
}

extension DescribeGroupsResponse.Group {
    fileprivate init(_ description: GroupDescription, operations: Int32) {
        self.init(
            groupID: description.groupID,
            groupState: description.state.rawValue,
            protocolType: description.protocolType,
            protocolData: description.protocolName,
            members: description.members.map {
                .init(
                    memberID: $0.memberID,
                    groupInstanceID: $0.instanceID,
                    clientID: $0.clientID,
                    clientHost: $0.clientHost,
                    memberMetadata: ByteBuffer(bytes: $0.metadata),
                    memberAssignment: ByteBuffer(bytes: $0.assignment)
                )
            },
            authorizedOperations: operations
        )
    }
}
