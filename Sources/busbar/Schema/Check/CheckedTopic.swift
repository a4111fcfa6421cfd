internal import Contracts
internal import SchemaCheck
internal import Traffic

/// A topic whose records are held against what a check found new.
struct CheckedTopic {
    private let options: TrafficOptions
    private let given: String?
    private let connectors: [ConnectorUse]

    /// - Parameters:
    ///   - options: the topic, if one is named.
    ///   - subject: the topic's, where the command names it.
    ///   - connectors: those that may read the topic.
    init(_ options: TrafficOptions, subject: String?, connectors: [ConnectorUse]) {
        (self.options, given, self.connectors) = (options, subject, connectors)
    }

    /// The topic's subject; nil when no topic is named.
    /// - Throws: `CheckError` when it is not known.
    func subject(in folders: [(folder: String, tree: SchemaTree)]) throws(CheckError) -> TopicSubject? {
        guard let topic = options.againstTopic else { return nil }
        return try TopicSubject.find(of: topic, in: folders, given: given, connectors: connectors)
    }

    /// Adds to the report what the subject's newest version says of the topic's records, if it is new.
    /// - Returns: a sentence for people; nil when no topic is named.
    /// - Throws: ``CommandFailure`` when no broker answers in time, or there is no such topic.
    func read(for subject: TopicSubject?, into report: inout CheckReport) async throws -> String? {
        guard let subject, let topic = options.againstTopic else { return nil }
        guard let changes = report.changes(of: subject), let newest = changes.newest else {
            return "records of \(topic) were not read: no new version of \(subject.name) was checked"
        }
        let (contract, baseline) = (try contract(of: newest), try changes.previous.map(contract))
        guard let traffic = try await options.report(on: contract, after: baseline) else { return nil }
        report.add(traffic, of: subject)
        return traffic.summary(of: "\(subject.name)@v\(newest.version ?? 0)")
    }

    private func contract(of schema: ComparedSchema) throws(ContractError) -> Contract {
        try Contract(compiling: schema.bytes, uri: schema.uri, resolver: schema.resolver, formats: options.formats)
    }
}
