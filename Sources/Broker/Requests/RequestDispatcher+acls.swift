internal import KafkaProtocol

extension RequestDispatcher {
    /// DescribeAcls.
    func describeAcls(_ request: DescribeACLsRequest, _ call: Call) {
        if let code = accessRefusal(.describe, call) {
            return call.answer(DescribeACLsResponse(errorCode: code, errorMessage: message(code), resources: []))
        }
        let filter = AccessRuleFilter(
            type: request.resourceTypeFilter,
            name: request.resourceNameFilter,
            pattern: request.patternTypeFilter,
            principal: request.principalFilter,
            host: request.hostFilter,
            operation: request.operation,
            permission: request.permissionType
        )
        let groups = Dictionary(grouping: node.authorizer.all.filter(filter.matches)) {
            "\($0.resourceType.rawValue)|\($0.patternType.rawValue)|\($0.resourceName)"
        }
        let resources = groups.sorted { $0.key < $1.key }.map { _, rules in
            DescribeACLsResponse.Resource(
                resourceType: rules[0].wireType,
                resourceName: rules[0].resourceName,
                patternType: rules[0].wirePattern,
                acls: rules.map {
                    .init(
                        principal: $0.principal,
                        host: $0.host,
                        operation: $0.wireOperation,
                        permissionType: $0.wirePermission
                    )
                }
            )
        }
        call.answer(DescribeACLsResponse(resources: resources))
    }

    /// CreateAcls.
    func createAcls(_ request: CreateACLsRequest, _ call: Call) {
        if let code = accessRefusal(.alter, call) {
            let results = request.creations.map { _ in
                CreateACLsResponse.Result(errorCode: code, errorMessage: message(code))
            }
            return call.answer(CreateACLsResponse(results: results))
        }
        let rules = request.creations.map { AccessRule($0) }
        do throws(BrokerError) {
            try node.authorizer.add(rules.compactMap { $0 })
            let results = rules.map { rule in
                CreateACLsResponse.Result(
                    errorCode: rule == nil ? .invalidRequest : .noError,
                    errorMessage: rule == nil ? "a rule names one type, pattern, operation and permission" : nil
                )
            }
            call.answer(CreateACLsResponse(results: results))
        } catch {
            let (code, message) = explain(error)
            let results = rules.map { _ in CreateACLsResponse.Result(errorCode: code, errorMessage: message) }
            call.answer(CreateACLsResponse(results: results))
        }
    }

    /// DeleteAcls.
    func deleteAcls(_ request: DeleteACLsRequest, _ call: Call) {
        if let code = accessRefusal(.alter, call) {
            let results = request.filters.map { _ in
                DeleteACLsResponse.FilterResult(errorCode: code, errorMessage: message(code), matchingAcls: [])
            }
            return call.answer(DeleteACLsResponse(filterResults: results))
        }
        let results = request.filters.map { filter -> DeleteACLsResponse.FilterResult in
            let filter = AccessRuleFilter(
                type: filter.resourceTypeFilter,
                name: filter.resourceNameFilter,
                pattern: filter.patternTypeFilter,
                principal: filter.principalFilter,
                host: filter.hostFilter,
                operation: filter.operation,
                permission: filter.permissionType
            )
            do throws(BrokerError) {
                return .init(matchingAcls: try node.authorizer.remove(where: filter.matches).map { .init($0) })
            } catch {
                let (code, message) = explain(error)
                return .init(errorCode: code, errorMessage: message, matchingAcls: [])
            }
        }
        call.answer(DeleteACLsResponse(filterResults: results))
    }

    private func accessRefusal(_ operation: AccessOperation, _ call: Call) -> ErrorCode? {
        guard node.authorizer.isEnabled else { return .securityDisabled }
        return node.allowsCluster(call, operation) ? nil : .clusterAuthorizationFailed
    }

    private func message(_ code: ErrorCode) -> String {
        code == .securityDisabled
            ? "the broker has no `authorization` in its settings" : "the client may not do this to the cluster"
    }
}
