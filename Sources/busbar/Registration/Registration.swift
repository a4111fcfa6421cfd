internal import ArgumentParser
internal import Contracts
internal import JSON
internal import RegistryClient

/// What became of one version.
struct RegistrationOutcome {
    enum State: String {
        case registered
        /// The registry had it already.
        case unchanged
        /// It would be registered; ``RegistrationOutcome/note`` says what could not be asked.
        case planned
        case refused
    }

    let step: RegistrationPlan.Step
    let state: State
    /// In the registry; nil where it did not say.
    var id: Int32?
    /// In the registry; nil where it did not say, or for what is not there yet.
    var version: Int?
    var refusal: RegistrationRefusal?
    var note: String?
    /// What the first version of a subject should settle; empty where there are versions.
    var findings: [SchemaLint.Finding] = []
}

/// Registers versions one after the other; asks first, so that what is there already is left alone.
///
/// Used by one task.
final class Registration {
    private let client: RegistryClient
    private let isNormalized: Bool
    private let isDryRun: Bool
    /// Where the versions of the folder are in the registry.
    private var places: [RegistrationPlan.Place: (subject: String, version: Int)] = [:]
    /// Subjects that the registry does not have, and this run only would have made.
    private var planned: Set<String> = []

    init(_ client: RegistryClient, isNormalized: Bool, isDryRun: Bool) {
        self.client = client
        self.isNormalized = isNormalized
        self.isDryRun = isDryRun
    }

    /// Registers a version whose references have been registered.
    /// - Throws: `RegistryClientError` for what is no refusal of this version.
    func perform(_ step: RegistrationPlan.Step) async throws -> RegistrationOutcome {
        guard let submission = submission(of: step) else {
            planned.insert(step.subject)
            return RegistrationOutcome(
                step: step,
                state: .planned,
                note: "not compared: what it refers to is not there yet"
            )
        }
        if let there = try await lookUp(submission, step.subject) {
            remember(step, there.version)
            return RegistrationOutcome(step: step, state: .unchanged, id: there.id, version: there.version)
        }
        let isNew = try await versions(of: step.subject).isEmpty && !planned.contains(step.subject)
        var outcome =
            isDryRun
            ? try await plan(submission, step, isNew: isNew) : try await register(submission, step)
        if isNew { outcome.findings = SchemaLint.findings(in: step.schema, level: step.level) }
        return outcome
    }

    private func submission(of step: RegistrationPlan.Step) -> SchemaSubmission? {
        var references: [ServedReference] = []
        for reference in step.references {
            let place = RegistrationPlan.Place(subject: reference.subject, version: reference.version)
            guard let known = places[place] else { return nil }
            references.append(
                ServedReference(name: reference.name, subject: known.subject, version: known.version)
            )
        }
        let text = String(decoding: step.schema.bytes, as: UTF8.self)
        return SchemaSubmission(text, references: references, isNormalized: isNormalized)
    }

    private func remember(_ step: RegistrationPlan.Step, _ version: Int?) {
        if let place = step.place, let version { places[place] = (step.subject, version) }
    }

    private func lookUp(_ submission: SchemaSubmission, _ subject: String) async throws -> ServedSchema? {
        do throws(RegistryClientError) {
            return try await client.lookup(submission, under: subject)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    private func register(
        _ submission: SchemaSubmission,
        _ step: RegistrationPlan.Step
    ) async throws -> RegistrationOutcome {
        let served: ServedSchema
        do throws(RegistryClientError) {
            served = try await client.register(submission, under: step.subject)
        } catch {
            guard error.code == .incompatible else { throw error }
            return try await refused(submission, step)
        }
        var version = served.version
        // Registries before Confluent's 7.7 answer the id alone.
        if version == nil { version = try await lookUp(submission, step.subject)?.version }
        remember(step, version)
        return RegistrationOutcome(step: step, state: .registered, id: served.id, version: version)
    }

    private func plan(
        _ submission: SchemaSubmission,
        _ step: RegistrationPlan.Step,
        isNew: Bool
    ) async throws -> RegistrationOutcome {
        guard planned.insert(step.subject).inserted else {
            return RegistrationOutcome(
                step: step,
                state: .planned,
                note: "not compared: the version before is not there yet"
            )
        }
        guard !isNew else { return RegistrationOutcome(step: step, state: .planned, note: "the subject is new") }
        let report = try await client.compatibility(of: submission, with: step.subject)
        if !report.isCompatible { return try await refused(submission, step) }
        return RegistrationOutcome(step: step, state: .planned)
    }

    private func versions(of subject: String) async throws -> [Int] {
        do throws(RegistryClientError) {
            return try await client.versions(of: subject)
        } catch {
            guard error.code == .notFound else { throw error }
            return []
        }
    }

    private func refused(
        _ submission: SchemaSubmission,
        _ step: RegistrationPlan.Step
    ) async throws -> RegistrationOutcome {
        RegistrationOutcome(
            step: step,
            state: .refused,
            refusal: try await RegistrationRefusal(of: submission, step, by: client)
        )
    }
}
