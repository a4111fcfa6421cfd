package import Log

/// One task of a connector that reads topics: what it does, and the clients it does it with.
package struct LogTask: Sendable {
    let plan: ConnectorPlan
    let start: StartPosition
    let consumer: any LogConsumer
    let producer: any LogProducer
    let environment: DriverEnvironment
    let cluster: String?

    /// - Parameters:
    ///   - plan: what to do.
    ///   - start: where a partition without a committed offset begins.
    ///   - consumer: the task's member of the connector's group; its driver closes it at the end.
    ///   - producer: for dead letters and routes into the log; its driver closes it at the end.
    ///   - environment: clocks, limits, observers.
    ///   - cluster: the id of the log's cluster, which the dedupe journal is bound to; `nil` where it is not known.
    package init(
        plan: ConnectorPlan,
        start: StartPosition,
        consumer: any LogConsumer,
        producer: any LogProducer,
        environment: DriverEnvironment,
        cluster: String? = nil
    ) {
        self.plan = plan
        self.start = start
        self.consumer = consumer
        self.producer = producer
        self.environment = environment
        self.cluster = cluster
    }
}
