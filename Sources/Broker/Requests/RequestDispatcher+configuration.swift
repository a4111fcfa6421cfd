internal import KafkaProtocol

extension RequestDispatcher {
    /// DescribeConfigs: of topics, and a few read-only facts of the broker.
    func describeConfigs(_ request: DescribeConfigsRequest, _ call: Call) {
        let results = request.resources.map { resource -> DescribeConfigsResponse.Result in
            switch resource.resourceType {
            case .topic: describeTopic(resource, request, call)
            case .broker: describeBroker(resource, call)
            default: resource.refused(.invalidRequest, "only topics and the broker have configurations")
            }
        }
        call.answer(DescribeConfigsResponse(results: results))
    }

    private func describeTopic(
        _ resource: DescribeConfigsRequest.Resource,
        _ request: DescribeConfigsRequest,
        _ call: Call
    ) -> DescribeConfigsResponse.Result {
        guard node.allows(call, .describeConfigs, .topic, resource.resourceName) else {
            return resource.refused(.topicAuthorizationFailed, nil)
        }
        guard let topic = node.catalogue.topic(named: resource.resourceName) else {
            return resource.refused(.unknownTopicOrPartition, "there is no topic '\(resource.resourceName)'")
        }
        let keys = resource.configurationKeys.map(Set.init)
        let settings = TopicSetting.allCases.filter { keys?.contains($0.rawValue) ?? true }
        return .init(
            resourceType: resource.resourceType,
            resourceName: resource.resourceName,
            configs: settings.map { describe($0, topic, withSynonyms: request.includeSynonyms) }
        )
    }

    private func describe(
        _ setting: TopicSetting,
        _ topic: Topic,
        withSynonyms: Bool
    ) -> DescribeConfigsResponse.Config {
        let defaults = node.configuration.topics.settings
        let sources: [(value: String?, source: ConfigSource)] = [
            (topic.settings[setting.rawValue], .topic),
            (topic.isInternal ? nil : defaults[setting.rawValue], .staticBroker),
            (setting.defaultValue, .builtIn),
        ]
        let known = sources.compactMap { entry in entry.value.map { ($0, entry.source) } }
        return .init(
            name: setting.rawValue,
            value: known.first?.0,
            readOnly: false,
            configSource: known.first?.1 ?? .builtIn,
            isSensitive: false,
            synonyms: withSynonyms
                ? known.map { .init(name: setting.rawValue, value: $0.0, source: $0.1) } : [],
            configType: ConfigType(rawValue: setting.valueType.rawValue) ?? .string,
            documentation: setting.isHonoured ? nil : "Taken and shown, without effect on one node."
        )
    }

    private func describeBroker(
        _ resource: DescribeConfigsRequest.Resource,
        _ call: Call
    ) -> DescribeConfigsResponse.Result {
        guard node.allowsCluster(call, .describeConfigs) else {
            return resource.refused(.clusterAuthorizationFailed, nil)
        }
        guard resource.resourceName.isEmpty || resource.resourceName == String(node.configuration.nodeID) else {
            return resource.refused(.invalidRequest, "the one broker is \(node.configuration.nodeID)")
        }
        let keys = resource.configurationKeys.map(Set.init)
        let configs = brokerFacts.filter { keys?.contains($0.name) ?? true }.map { name, value, type in
            DescribeConfigsResponse.Config(
                name: name,
                value: value,
                readOnly: true,
                configSource: .staticBroker,
                isSensitive: false,
                synonyms: [],
                configType: type
            )
        }
        return .init(resourceType: resource.resourceType, resourceName: resource.resourceName, configs: configs)
    }

    private var brokerFacts: [(name: String, value: String, type: ConfigType)] {
        let configuration = node.configuration
        return [
            ("auto.create.topics.enable", String(configuration.topics.autoCreate), .boolean),
            ("broker.id", String(configuration.nodeID), .int),
            ("connections.max.idle.ms", String(configuration.limits.idle.wholeMilliseconds), .long),
            ("default.replication.factor", "1", .int),
            ("group.max.session.timeout.ms", String(configuration.groups.maximumSession.wholeMilliseconds), .int),
            ("group.min.session.timeout.ms", String(configuration.groups.minimumSession.wholeMilliseconds), .int),
            ("log.dirs", configuration.dataDirectory, .list),
            ("min.insync.replicas", "1", .int),
            ("num.partitions", String(configuration.topics.partitions), .int),
            ("offsets.topic.num.partitions", String(InternalTopic.partitions), .int),
            ("socket.request.max.bytes", String(configuration.limits.requestBytes), .int),
            ("transaction.max.timeout.ms", String(configuration.transactions.maximumTimeout.wholeMilliseconds), .int),
            ("transaction.state.log.num.partitions", String(InternalTopic.partitions), .int),
        ]
    }

    /// AlterConfigs: replaces all that was set.
    func alterConfigs(_ request: AlterConfigsRequest, _ call: Call) {
        let responses = request.resources.map { resource -> AlterConfigsResponse.Response in
            let outcome = alter(resource.resourceType, resource.resourceName, request.validateOnly, call) { settings in
                settings = [:]
                for config in resource.configs { settings[config.name] = config.value }
            }
            return .init(
                errorCode: outcome.0,
                errorMessage: outcome.1,
                resourceType: resource.resourceType,
                resourceName: resource.resourceName
            )
        }
        call.answer(AlterConfigsResponse(responses: responses))
    }

    /// IncrementalAlterConfigs (KIP-339).
    func incrementalAlterConfigs(_ request: IncrementalAlterConfigsRequest, _ call: Call) {
        let responses = request.resources.map { resource -> IncrementalAlterConfigsResponse.Response in
            let outcome = alter(resource.resourceType, resource.resourceName, request.validateOnly, call) { settings in
                for config in resource.configs { try Self.apply(config, to: &settings) }
            }
            return .init(
                errorCode: outcome.0,
                errorMessage: outcome.1,
                resourceType: resource.resourceType,
                resourceName: resource.resourceName
            )
        }
        call.answer(IncrementalAlterConfigsResponse(responses: responses))
    }

    private func alter(
        _ type: ConfigResourceType,
        _ name: String,
        _ dryRun: Bool,
        _ call: Call,
        _ change: (inout [String: String]) throws -> Void
    ) -> (ErrorCode, String?) {
        guard type == .topic else {
            return (.invalidRequest, "only topics can be changed; the broker's settings stand in its file")
        }
        guard node.allows(call, .alterConfigs, .topic, name) else { return (.topicAuthorizationFailed, nil) }
        do {
            try node.topics.alter(name, dryRun: dryRun, change)
            return (.noError, nil)
        } catch {
            return explain(error)
        }
    }

    private static func apply(
        _ config: IncrementalAlterConfigsRequest.Config,
        to settings: inout [String: String]
    ) throws(TopicAdministration.Refusal) {
        guard let setting = TopicSetting(rawValue: config.name) else {
            throw .init(.invalidConfig, "there is no topic setting '\(config.name)'")
        }
        switch config.configOperation {
        case .delete: settings[config.name] = nil
        case .set:
            guard let value = config.value else { throw .init(.invalidRequest, "'\(config.name)' is set to null") }
            settings[config.name] = value
        case .append, .subtract:
            guard setting.valueType == .list else {
                throw .init(.invalidConfig, "'\(config.name)' is no list, so nothing can be added or taken")
            }
            var parts = (settings[config.name] ?? setting.defaultValue).split(separator: ",").map { String($0).trimmed }
            let changed = (config.value ?? "").split(separator: ",").map { String($0).trimmed }
            parts.removeAll { changed.contains($0) }
            if config.configOperation == .append { parts += changed }
            settings[config.name] = parts.joined(separator: ",")
        }
    }
}

extension DescribeConfigsRequest.Resource {
    fileprivate func refused(_ code: ErrorCode, _ message: String?) -> DescribeConfigsResponse.Result {
        .init(
            errorCode: code,
            errorMessage: message,
            resourceType: resourceType,
            resourceName: resourceName,
            configs: []
        )
    }
}
