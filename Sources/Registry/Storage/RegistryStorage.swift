/// Where a registry's records are kept. Everything else is computed from them.
///
/// Driven by one caller at a time: ``Registry`` sees to that.
package protocol RegistryStorage: Sendable {
    /// Why nothing can be changed here, by what was asked for; nil for a storage that takes changes.
    var readOnly: ReadOnly? { get }

    /// Whether others write here too, so that there may be news between two writes.
    var isShared: Bool { get }

    /// Readies itself for a change that is to be decided next: from here on nobody else's write comes between.
    ///
    /// - Returns: What has been stored and not returned yet, oldest first; at the first call, everything.
    func prepareForWriting() async throws(RegistryError) -> [RegistryRecord]

    /// What has been stored by now and not returned yet, oldest first; at the first call of this or of
    /// ``prepareForWriting()``, everything. Keeps nobody from writing.
    func news() async throws(RegistryError) -> [RegistryRecord]

    /// Stores records together or not at all. They survive a crash once this returns.
    ///
    /// - Returns: What is to be applied, oldest first; nil when somebody else has written since, so that nothing was
    ///   stored and the change must be decided anew.
    /// - Throws: 50001 when nothing was stored, 50002 when that is not known; then the next call returns what was.
    func append(_ records: [RegistryRecord]) async throws(RegistryError) -> [RegistryRecord]?

    /// Gives up files and connections.
    func close() async
}
