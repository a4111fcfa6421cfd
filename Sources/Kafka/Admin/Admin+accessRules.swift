internal import CLibrdkafka
public import Log

extension Admin {
    /// Creates access rules (KIP-140). A rule that exists already counts as created.
    ///
    /// Where the brokers have no authorizer, every rule fails with the name `SECURITY_DISABLED`.
    /// - Throws: when nothing was answered, see ``Admin``.
    public func createACLs(
        _ bindings: [ACLBinding],
        within: Duration = Admin.defaultDeadline
    ) async throws(LogError) -> AdminResults<ACLBinding, Void> {
        try await each(
            of: bindings,
            cannot: "create the rule"
        ) {
            $0.reason
        } ask: { [loop] (accepted) throws(LogError) in
            try await loop.request("create access rules", within: Deadline(within)) { (request) throws(LogError) in
                let objects = unsafe RequestObjects(destroy: rd_kafka_AclBinding_destroy)
                for binding in accepted { try unsafe objects.append(binding.makeObject()) }
                unsafe request.send(objects, by: rd_kafka_CreateAcls)
            } _: { (event) throws(LogError) in
                let found = try unsafe event.items(rd_kafka_event_CreateAcls_result, rd_kafka_CreateAcls_result_acls)
                // In the order of the request (rdkafka.h, rd_kafka_CreateAcls_result_acls).
                return unsafe Self.inOrder(accepted, found) { binding, result in
                    unsafe Result(rd_kafka_acl_result_error(result), cannot: "create the rule \(binding)", ())
                }
            }
        }
    }

    /// The access rules that match `filter`, in no order.
    ///
    /// - Important: librdkafka, up to 2.16 at least, does not hand on the broker's refusal of this request: where the
    ///   brokers have no authorizer, or the client may not see the rules, the list is empty.
    /// - Throws: when nothing was answered, see ``Admin``.
    public func describeACLs(
        _ filter: ACLFilter = ACLFilter(),
        within: Duration = Admin.defaultDeadline
    ) async throws(LogError) -> [ACLBinding] {
        if let reason = filter.reason { throw .configuration("cannot describe \(filter): \(reason)") }
        return try await loop.request("describe access rules", within: Deadline(within)) { (request) throws(LogError) in
            let objects = unsafe RequestObjects(destroy: rd_kafka_AclBinding_destroy)
            try unsafe objects.append(filter.makeObject())
            unsafe request.send(objects) { client, filters, _, options, results in
                unsafe rd_kafka_DescribeAcls(client, filters[0], options, results)
            }
        } _: { (event) throws(LogError) in
            let found = try unsafe event.items(rd_kafka_event_DescribeAcls_result, rd_kafka_DescribeAcls_result_acls)
            return unsafe found.map { unsafe ACLBinding($0) }
        }
    }

    /// Deletes the access rules that match each of `filters` (KIP-140).
    /// - Returns: per filter, the rules that were deleted; none is no error.
    /// - Throws: when nothing was answered, see ``Admin``.
    public func deleteACLs(
        _ filters: [ACLFilter],
        within: Duration = Admin.defaultDeadline
    ) async throws(LogError) -> AdminResults<ACLFilter, [ACLBinding]> {
        try await each(
            of: filters,
            cannot: "delete"
        ) {
            $0.reason
        } ask: { [loop] (accepted) throws(LogError) in
            try await loop.request("delete access rules", within: Deadline(within)) { (request) throws(LogError) in
                let objects = unsafe RequestObjects(destroy: rd_kafka_AclBinding_destroy)
                for filter in accepted { try unsafe objects.append(filter.makeObject()) }
                unsafe request.send(objects, by: rd_kafka_DeleteAcls)
            } _: { (event) throws(LogError) in
                let found = try unsafe event.items(
                    rd_kafka_event_DeleteAcls_result,
                    rd_kafka_DeleteAcls_result_responses
                )
                return unsafe Self.inOrder(accepted, found) { filter, response in
                    let error = unsafe rd_kafka_DeleteAcls_result_response_error(response)
                    return unsafe Result(error, cannot: "delete \(filter)", Self.deletedRules(response))
                }
            }
        }
    }

    private static func deletedRules(_ response: OpaquePointer) -> [ACLBinding] {
        var count = 0
        let deleted = unsafe rd_kafka_DeleteAcls_result_response_matching_acls(response, &count)
        return unsafe objects(deleted, count).map { unsafe ACLBinding($0) }
    }

    private static func inOrder<Item: Hashable, Value>(
        _ items: [Item],
        _ results: [OpaquePointer],
        _ result: (Item, OpaquePointer) -> Result<Value, LogError>
    ) -> AdminResults<Item, Value> {
        var outcome: AdminResults<Item, Value> = [:]
        let count = unsafe results.count
        for (index, item) in items.enumerated() where index < count {
            outcome[item] = unsafe result(item, results[index])
        }
        return outcome
    }
}

extension ACLBinding {
    fileprivate var reason: String? {
        if resource.type == .unknown || resource.pattern == .unknown || operation == .unknown || permission == .unknown
        {
            return "a rule names its type, pattern, operation and permission"
        }
        let unsendable = [resource.name, principal, host].lazy.compactMap { Admin.refusal(of: $0) }.first
        return unsafe unsendable ?? Admin.refusal(destroy: rd_kafka_AclBinding_destroy, makeObject)
    }

    /// - Throws: librdkafka's reason to refuse it.
    fileprivate func makeObject() throws(LogError) -> OpaquePointer {
        var reason = [CChar](repeating: 0, count: 512)
        let object = unsafe rd_kafka_AclBinding_new(
            resource.type.code,
            resource.name,
            resource.pattern == .prefixed ? RD_KAFKA_RESOURCE_PATTERN_PREFIXED : RD_KAFKA_RESOURCE_PATTERN_LITERAL,
            principal,
            host,
            operation.code,
            permission.code,
            &reason,
            reason.count
        )
        guard let object = unsafe object else { throw .configuration(text(reason)) }
        return unsafe object
    }

    /// Copies a rule that belongs to a result.
    fileprivate init(_ rule: OpaquePointer) {
        let type = unsafe rd_kafka_AclBinding_restype(rule)
        let operation = unsafe rd_kafka_AclBinding_operation(rule)
        let permission = unsafe rd_kafka_AclBinding_permission_type(rule)
        let pattern: ACLResource.Pattern =
            switch unsafe rd_kafka_AclBinding_resource_pattern_type(rule) {
            case RD_KAFKA_RESOURCE_PATTERN_LITERAL: .literal
            case RD_KAFKA_RESOURCE_PATTERN_PREFIXED: .prefixed
            default: .unknown
            }
        self.init(
            ACLPermission.allCases.first { $0.code == permission } ?? .unknown,
            unsafe string(rd_kafka_AclBinding_principal(rule)) ?? "",
            to: ACLOperation.allCases.first { $0.code == operation } ?? .unknown,
            ACLResource(
                ACLResource.ResourceType.allCases.first { $0.code == type } ?? .unknown,
                unsafe string(rd_kafka_AclBinding_name(rule)) ?? "",
                pattern: pattern
            ),
            from: unsafe string(rd_kafka_AclBinding_host(rule)) ?? ""
        )
    }
}

extension ACLFilter {
    fileprivate var reason: String? {
        if type == .unknown || operation == .unknown || permission == .unknown {
            return "nothing can be asked for as unknown"
        }
        let unsendable = [name, principal, host].lazy.compactMap { $0.flatMap { Admin.refusal(of: $0) } }.first
        return unsafe unsendable ?? Admin.refusal(destroy: rd_kafka_AclBinding_destroy, makeObject)
    }

    /// - Throws: librdkafka's reason to refuse it.
    fileprivate func makeObject() throws(LogError) -> OpaquePointer {
        var reason = [CChar](repeating: 0, count: 512)
        let object = unsafe rd_kafka_AclBindingFilter_new(
            type?.code ?? RD_KAFKA_RESOURCE_ANY,
            name,
            pattern.code,
            principal,
            host,
            operation?.code ?? RD_KAFKA_ACL_OPERATION_ANY,
            permission?.code ?? RD_KAFKA_ACL_PERMISSION_TYPE_ANY,
            &reason,
            reason.count
        )
        guard let object = unsafe object else { throw .configuration(text(reason)) }
        return unsafe object
    }
}

extension ACLFilter.PatternMatch {
    fileprivate var code: rd_kafka_ResourcePatternType_t {
        switch self {
        case .any: RD_KAFKA_RESOURCE_PATTERN_ANY
        case .applying: RD_KAFKA_RESOURCE_PATTERN_MATCH
        case .literal: RD_KAFKA_RESOURCE_PATTERN_LITERAL
        case .prefixed: RD_KAFKA_RESOURCE_PATTERN_PREFIXED
        }
    }
}

extension ACLResource.ResourceType {
    fileprivate var code: rd_kafka_ResourceType_t {
        switch self {
        case .topic: RD_KAFKA_RESOURCE_TOPIC
        case .group: RD_KAFKA_RESOURCE_GROUP
        case .cluster: RD_KAFKA_RESOURCE_BROKER
        // RD_KAFKA_RESOURCE_TRANSACTIONAL_ID, which the header of 2.0.2 does not have.
        case .transactionalID: rd_kafka_ResourceType_t(rawValue: 5)
        case .unknown: RD_KAFKA_RESOURCE_UNKNOWN
        }
    }
}

extension ACLOperation {
    fileprivate var code: rd_kafka_AclOperation_t {
        switch self {
        case .all: RD_KAFKA_ACL_OPERATION_ALL
        case .read: RD_KAFKA_ACL_OPERATION_READ
        case .write: RD_KAFKA_ACL_OPERATION_WRITE
        case .create: RD_KAFKA_ACL_OPERATION_CREATE
        case .delete: RD_KAFKA_ACL_OPERATION_DELETE
        case .alter: RD_KAFKA_ACL_OPERATION_ALTER
        case .describe: RD_KAFKA_ACL_OPERATION_DESCRIBE
        case .clusterAction: RD_KAFKA_ACL_OPERATION_CLUSTER_ACTION
        case .describeConfigs: RD_KAFKA_ACL_OPERATION_DESCRIBE_CONFIGS
        case .alterConfigs: RD_KAFKA_ACL_OPERATION_ALTER_CONFIGS
        case .idempotentWrite: RD_KAFKA_ACL_OPERATION_IDEMPOTENT_WRITE
        case .unknown: RD_KAFKA_ACL_OPERATION_UNKNOWN
        }
    }
}

extension ACLPermission {
    fileprivate var code: rd_kafka_AclPermissionType_t {
        switch self {
        case .allow: RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW
        case .deny: RD_KAFKA_ACL_PERMISSION_TYPE_DENY
        case .unknown: RD_KAFKA_ACL_PERMISSION_TYPE_UNKNOWN
        }
    }
}
