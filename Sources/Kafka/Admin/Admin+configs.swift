internal import CLibrdkafka
public import Log

extension Admin {
    /// Describes every setting of topics and brokers by name, defaults included.
    ///
    /// Topics are asked about together, each broker by itself.
    /// - Throws: when nothing was answered, see ``Admin``.
    public func describeConfigs(
        _ resources: [ConfigResource],
        within: Duration = Admin.defaultDeadline
    ) async throws(LogError) -> AdminResults<ConfigResource, [String: ConfigEntry]> {
        let deadline = Deadline(within)
        return try await each(ofConfigs: resources, cannot: "describe the settings of") {
            [loop] (some) throws(LogError) in
            try await loop.request("describe settings", within: deadline) { request in
                let objects = unsafe RequestObjects(destroy: rd_kafka_ConfigResource_destroy)
                for resource in some { unsafe objects.append(resource.makeObject()) }
                unsafe request.send(objects, by: rd_kafka_DescribeConfigs)
            } _: { (event) throws(LogError) in
                let found = try unsafe event.items(
                    rd_kafka_event_DescribeConfigs_result,
                    rd_kafka_DescribeConfigs_result_resources
                )
                return unsafe Self.configResults(found, cannot: "describe the settings of") {
                    unsafe Self.entries(of: $0)
                }
            }
        }
    }

    /// Changes the named settings of topics and brokers and leaves the others as they are (KIP-339).
    ///
    /// A value of `nil` takes the setting back to its default. The settings of one resource change together or not at
    /// all.
    ///
    /// - Important: librdkafka before 2.3 has only the older request, which replaces all settings of a resource. With it
    ///   the call reads what is set, changes that, and writes it back: calls of this client do so one after another, but a
    ///   change that another client makes in between is lost. A resource with a sensitive setting is refused then, since
    ///   its value cannot be read.
    /// - Parameters:
    ///   - changes: per resource, new values by Kafka's names.
    ///   - validateOnly: only has the broker check the changes.
    ///   - within: the call's deadline.
    /// - Returns: per resource, whether all its changes were made.
    /// - Throws: when nothing was answered, see ``Admin``.
    public func alterConfigs(
        _ changes: [ConfigResource: [String: String?]],
        validateOnly: Bool = false,
        within: Duration = Admin.defaultDeadline
    ) async throws(LogError) -> AdminResults<ConfigResource, Void> {
        let deadline = Deadline(within)
        let wanted = changes.filter { !$0.value.isEmpty }
        var results: AdminResults<ConfigResource, Void> = changes.mapValues { _ in .success(()) }
        let altered = try await each(
            ofConfigs: Array(wanted.keys),
            cannot: "alter the settings of"
        ) { resource in
            let values = wanted[resource, default: [:]]
            if values.keys.contains("") { return "a setting has no name" }
            let texts = values.flatMap { [$0.key, $0.value ?? ""] }
            return texts.lazy.compactMap { Self.refusal(of: $0) }.first
        } ask: { [loop] (some) throws(LogError) in
            let part = wanted.filter { some.contains($0.key) }
            if let newer = LaterFunctions.incrementalAlterConfigs {
                return try await alterIncrementally(part, newer, validateOnly, within: deadline)
            }
            return try await loop.inTurn("alter settings", within: deadline) { () throws(LogError) in
                try await replace(part, validateOnly, within: deadline)
            }
        }
        for (resource, result) in altered { results[resource] = result }
        return results
    }

    private func alterIncrementally(
        _ changes: [ConfigResource: [String: String?]],
        _ functions: LaterFunctions.IncrementalAlterConfigs,
        _ validateOnly: Bool,
        within deadline: Deadline
    ) async throws(LogError) -> AdminResults<ConfigResource, Void> {
        try await loop.request("alter settings", within: deadline) { (request) throws(LogError) in
            if validateOnly { try request.validateOnly() }
            let objects = unsafe RequestObjects(destroy: rd_kafka_ConfigResource_destroy)
            for (resource, values) in changes {
                let object = unsafe resource.makeObject()
                unsafe objects.append(object)
                for (name, value) in values.sorted(by: { $0.key < $1.key }) {
                    try unsafe functions.add(name, value, to: object, of: resource)
                }
            }
            unsafe request.send(objects, by: functions.send)
        } _: { (event) throws(LogError) in
            let found = try unsafe functions.resources(of: event)
            return unsafe Self.configResults(found, cannot: "alter the settings of") { _ in () }
        }
    }

    /// Reads, merges and writes.
    private func replace(
        _ changes: [ConfigResource: [String: String?]],
        _ validateOnly: Bool,
        within deadline: Deadline
    ) async throws(LogError) -> AdminResults<ConfigResource, Void> {
        let present = try await describeConfigs(Array(changes.keys), within: deadline.left)
        var results: AdminResults<ConfigResource, Void> = [:]
        var merged: [ConfigResource: [String: String]] = [:]
        for (resource, values) in changes {
            do throws(LogError) {
                guard let entries = present[resource] else { throw .unanswered("alter the settings of \(resource)") }
                merged[resource] = try resource.settings(try entries.get().values, changedBy: values)
            } catch {
                results[resource] = .failure(error)
            }
        }
        guard !merged.isEmpty else { return results }
        for (resource, result) in try await write(merged, validateOnly, within: deadline) { results[resource] = result }
        return results
    }

    private func write(
        _ settings: [ConfigResource: [String: String]],
        _ validateOnly: Bool,
        within deadline: Deadline
    ) async throws(LogError) -> AdminResults<ConfigResource, Void> {
        try await loop.request("alter settings", within: deadline) { (request) throws(LogError) in
            if validateOnly { try request.validateOnly() }
            let objects = unsafe RequestObjects(destroy: rd_kafka_ConfigResource_destroy)
            for (resource, values) in settings {
                let object = unsafe resource.makeObject()
                unsafe objects.append(object)
                for (name, value) in values.sorted(by: { $0.key < $1.key }) {
                    let code = unsafe rd_kafka_ConfigResource_set_config(object, name, value)
                    guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
                        throw LogError(code, cannot: "set \(name) of \(resource)")
                    }
                }
            }
            unsafe request.send(objects, by: rd_kafka_AlterConfigs)
        } _: { (event) throws(LogError) in
            let found = try unsafe event.items(
                rd_kafka_event_AlterConfigs_result,
                rd_kafka_AlterConfigs_result_resources
            )
            return unsafe Self.configResults(found, cannot: "alter the settings of") { _ in () }
        }
    }

    /// Like ``each(of:cannot:refuse:ask:)``, with topics asked about together and each broker by itself: librdkafka sends a
    /// request about a broker to that broker, and takes one such resource per request.
    private func each<Value: Sendable>(
        ofConfigs resources: [ConfigResource],
        cannot action: String,
        refuse: (ConfigResource) -> String? = { _ in nil },
        ask: ([ConfigResource]) async throws(LogError) -> AdminResults<ConfigResource, Value>
    ) async throws(LogError) -> AdminResults<ConfigResource, Value> {
        try await each(
            of: resources,
            cannot: action
        ) { resource in
            if case .topic(let name) = resource, let reason = Self.refusal(of: name) { return reason }
            return refuse(resource)
        } ask: { (accepted) throws(LogError) in
            let topics = accepted.filter { if case .topic = $0 { true } else { false } }
            var results = topics.isEmpty ? [:] : try await ask(topics)
            for broker in accepted where !topics.contains(broker) {
                for (resource, result) in try await ask([broker]) { results[resource] = result }
            }
            return results
        }
    }

    private static func configResults<Value>(
        _ resources: [OpaquePointer],
        cannot action: String,
        _ value: (OpaquePointer) -> Value
    ) -> AdminResults<ConfigResource, Value> {
        unsafe Self.results(resources) { pointer in
            guard let resource = unsafe ConfigResource(pointer) else { return nil }
            let code = unsafe rd_kafka_ConfigResource_error(pointer)
            let detail = unsafe string(rd_kafka_ConfigResource_error_string(pointer))
            return unsafe (
                resource, Result(code, cannot: "\(action) \(resource)", detail: detail, value(pointer))
            )
        }
    }

    private static func entries(of resource: OpaquePointer) -> [String: ConfigEntry] {
        var count = 0
        let found = unsafe rd_kafka_ConfigResource_configs(resource, &count)
        var entries: [String: ConfigEntry] = [:]
        let all = unsafe objects(found, count).compactMap { unsafe ConfigEntry($0) }
        for entry in all { entries[entry.name] = entry }
        return entries
    }
}

extension ConfigResource {
    fileprivate init?(_ pointer: OpaquePointer) {
        guard let name = unsafe string(rd_kafka_ConfigResource_name(pointer)) else { return nil }
        switch unsafe rd_kafka_ConfigResource_type(pointer) {
        case RD_KAFKA_RESOURCE_TOPIC: self = .topic(TopicName(name))
        case RD_KAFKA_RESOURCE_BROKER:
            guard let id = Int32(name) else { return nil }
            self = .broker(id)
        default: return nil
        }
    }

    fileprivate func makeObject() -> OpaquePointer {
        switch self {
        case .topic(let name): unsafe rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.rawValue)
        case .broker(let id): unsafe rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_BROKER, String(id))
        }
    }

    /// What is to be set on the resource so that nothing but `changes` changes.
    fileprivate func settings(
        _ present: some Sequence<ConfigEntry>,
        changedBy changes: [String: String?]
    ) throws(LogError) -> [String: String] {
        var settings: [String: String] = [:]
        for entry in present where isOwn(entry) {
            guard let value = entry.value else {
                throw .configuration(
                    "cannot alter the settings of \(self): it has \(entry.name), whose value the broker does not tell, and"
                        + " librdkafka before 2.3 writes all settings or none"
                )
            }
            settings[entry.name] = value
        }
        for (name, value) in changes { settings[name] = value }
        return settings
    }

    /// Whether the setting is set on this resource itself. Brokers before 1.1 do not say where a value comes from.
    private func isOwn(_ entry: ConfigEntry) -> Bool {
        switch self {
        case .topic: entry.source == .topic || entry.source == .unknown && !entry.isDefault
        case .broker: entry.source == .broker
        }
    }
}

extension ConfigEntry {
    fileprivate init?(_ pointer: OpaquePointer) {
        guard let name = unsafe string(rd_kafka_ConfigEntry_name(pointer)) else { return nil }
        self.name = name
        value = unsafe string(rd_kafka_ConfigEntry_value(pointer))
        source =
            switch unsafe rd_kafka_ConfigEntry_source(pointer) {
            case RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG: .topic
            case RD_KAFKA_CONFIG_SOURCE_DYNAMIC_BROKER_CONFIG: .broker
            case RD_KAFKA_CONFIG_SOURCE_DYNAMIC_DEFAULT_BROKER_CONFIG: .allBrokers
            case RD_KAFKA_CONFIG_SOURCE_STATIC_BROKER_CONFIG: .file
            case RD_KAFKA_CONFIG_SOURCE_DEFAULT_CONFIG: .builtIn
            default: .unknown
            }
        isDefault = unsafe rd_kafka_ConfigEntry_is_default(pointer) == 1
        isReadOnly = unsafe rd_kafka_ConfigEntry_is_read_only(pointer) == 1
        isSensitive = unsafe rd_kafka_ConfigEntry_is_sensitive(pointer) == 1
    }
}
