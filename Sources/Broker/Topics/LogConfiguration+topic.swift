internal import LogStorage

extension LogConfiguration {
    /// What a topic's settings mean to its partitions' logs.
    ///
    /// - Precondition: the settings were checked by ``TopicSetting/problem(with:of:)``.
    init(_ topic: Topic, defaults: [String: String], durability: BrokerConfiguration.Durability) {
        self.init()
        func text(_ setting: TopicSetting) -> String { topic.value(of: setting, defaults: defaults) }
        func number(_ setting: TopicSetting) -> Int64 { Int64(text(setting)) ?? 0 }
        let policies = text(.cleanupPolicy).split(separator: ",").map { String($0).trimmed }
        deletes = policies.contains("delete")
        compacts = policies.contains("compact")
        segmentBytes = max(Int(number(.segmentBytes)), 1_024)
        segmentMilliseconds = number(.segmentAge)
        retentionMilliseconds = number(.retention) < 0 ? nil : number(.retention)
        retentionBytes = number(.retentionBytes) < 0 ? nil : Int(number(.retentionBytes))
        deleteRetentionMilliseconds = number(.deleteRetention)
        minCompactionLagMilliseconds = number(.minCompactionLag)
        minCleanableRatio = Double(text(.minCleanableDirtyRatio)) ?? minCleanableRatio
        indexIntervalBytes = max(Int(number(.indexInterval)), 1)
        maxBatchBytes = max(Int(number(.maxMessageBytes)), 61)
        timestamps = text(.messageTimestampType) == "LogAppendTime" ? .logAppendTime : .createTime
        switch durability {
        case .groupCommit(let window): flush = .groupCommit(window: window, bytes: 4 << 20)
        case .interval(let interval): flush = .interval(interval)
        }
    }
}
