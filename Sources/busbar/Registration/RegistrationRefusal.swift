internal import Contracts
internal import JSON
internal import RegistryClient

/// Why a registry does not take a version: its own reasons, and the document that busbar finds against it.
struct RegistrationRefusal {
    /// Versions that are compared at most, newest first, where the level asks for all.
    private static let maxCompared = 50

    /// As the registry words them; empty where it gives none.
    let messages: [String]
    /// Each with `rule`, `path` and more, where the registry is busbar's; else empty.
    let differences: [JSON]
    /// What the registry compares by, for example `BACKWARD`.
    let level: String
    /// The comparison with the newest version that busbar does not find compatible under policy sound; nil when it finds
    /// all of them compatible: the registry's policy refuses more.
    let comparison: (old: ComparedSource, check: CompatibilityCheck)?

    /// Asks the registry why, and compares with what it has.
    /// - Throws: `RegistryClientError`.
    init(
        of submission: SchemaSubmission,
        _ step: RegistrationPlan.Step,
        by client: RegistryClient
    ) async throws {
        let report = try await client.compatibility(of: submission, with: step.subject)
        (messages, differences) = (report.messages, report.differences)
        level = try await client.level(of: step.subject)
        guard let asked = CompatibilityLevel(rawValue: level.lowercased()) else {
            comparison = nil
            return
        }
        let versions = try await client.versions(of: step.subject)
        comparison = try await Self.compare(
            step,
            with: asked.isTransitive ? versions : Array(versions.suffix(1)),
            asked,
            client
        )
    }

    private static func compare(
        _ step: RegistrationPlan.Step,
        with versions: [Int],
        _ level: CompatibilityLevel,
        _ client: RegistryClient
    ) async throws -> (old: ComparedSource, check: CompatibilityCheck)? {
        for version in versions.reversed().prefix(maxCompared) {
            let served = try await client.schema(subject: step.subject, version: .number(version))
            let bundle = try await client.bundle(served)
            let schema: ComparedSchema
            do throws(ContractError) {
                schema = try bundle.compared()
            } catch {
                continue  // Of another type, or taken by a registry that checks less: there is nothing to compare.
            }
            let check = CompatibilityCheck(of: step.schema, after: [schema], level: level, policy: .sound)
            if check.verdict != .compatible {
                let name = "\(step.subject) version \(version)"
                return (ComparedSource(name: name, file: name, schema: schema), check)
            }
        }
        return nil
    }
}
