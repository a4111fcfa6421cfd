/// Why nothing can be changed, and the refusals that say so: what was asked for, and where it can be done.
package enum ReadOnly: Sendable {
    /// Contracts are files.
    case folder
    /// This instance was started to read only, beside a registry that takes changes.
    case instance

    func registration(of subject: String, next version: Int) -> RegistryError {
        guard self == .folder else { return elsewhere(subject) }
        let beside = version == 1 ? " beside a subject.yaml" : ""
        return refusal(subject, "To add this schema, commit it as schemas/\(subject)/v\(version).json\(beside)")
    }

    func deletion(of subject: String) -> RegistryError {
        guard self == .folder else { return elsewhere(subject) }
        return refusal(
            subject,
            "Versions are never removed, because records may carry their ids; to retire the whole subject, "
                + "remove the folder schemas/\(subject)"
        )
    }

    func configuration(of subject: String?) -> RegistryError {
        guard self == .folder else { return elsewhere(subject) }
        guard let subject else {
            return RegistryError(
                .operationNotPermitted,
                "The registry is in read-only mode. The level of a subject is 'compatibility' in its "
                    + "schemas/<subject>/subject.yaml; without it the level is BACKWARD."
            )
        }
        return refusal(subject, "To change its level, change 'compatibility' in schemas/\(subject)/subject.yaml")
    }

    var mode: RegistryError {
        guard self == .folder else { return elsewhere(nil) }
        return RegistryError(
            .operationNotPermitted,
            "Mode changes are not allowed: contracts are files here, and the registry is read-only."
        )
    }

    private func elsewhere(_ subject: String?) -> RegistryError {
        let what = subject.map { "Subject '\($0.shortened)'" } ?? "The registry"
        return RegistryError(
            .operationNotPermitted,
            "\(what) is in read-only mode: this instance was started with --read-only. Ask a registry on the same storage "
                + "that takes changes."
        )
    }

    private func refusal(_ subject: String, _ advice: String) -> RegistryError {
        // A name that could not be a folder gets no advice that contains it.
        let isFolder = subject.utf8.count <= 249 && !subject.contains("/") && !subject.hasPrefix(".")
        let what =
            isFolder
            ? "Subject '\(subject)' is in read-only mode. \(advice)"
            : "The registry is in read-only mode. "
                + "To add a schema, commit it as schemas/<subject>/v<N>.json"
        return RegistryError(.operationNotPermitted, what + ", and start the registry again.")
    }
}
