/// What runs one task of a connector, whatever its source and target.
package protocol ConnectorDriver: Actor {
    /// Runs until ``stop()``, the end of the source, or an error that only a restart can deal with. Everything it opened is
    /// closed on return.
    func run() async throws
    /// Takes nothing new, finishes what is started, and ends ``run()``.
    func stop()
}

extension DeliveryDriver: ConnectorDriver {}
extension TransactionDriver: ConnectorDriver {}
extension IngestDriver: ConnectorDriver {}
