/// What a path of the registry's API names. Segments are as the client sent them, percent-decoded.
enum RegistryResource: Sendable, Hashable {
    case root
    case health
    case subjects
    case subject(QualifiedSubject)
    case subjectMetadata(QualifiedSubject)
    case versions(QualifiedSubject)
    case version(QualifiedSubject, String)
    case versionText(QualifiedSubject, String)
    case referrers(QualifiedSubject, String)
    /// Checks against one version, or (nil) against what the level asks for.
    case compatibility(QualifiedSubject, String?)
    case schemas
    case schema(String)
    case schemaText(String)
    case schemaSubjects(String)
    case schemaVersions(String)
    case schemaByGUID(String)
    case idsByGUID(String)
    case types
    case config(QualifiedSubject?)
    case mode(QualifiedSubject?)
    case contexts
    case context(String)
    case clusterID
    case serverVersion
    case deployment
    /// Topics and the subjects bound to them: none here, which is what clients fall back from.
    case associations

    /// `nil` for a path that is not of this API.
    ///
    /// - Parameters:
    ///   - segments: of the path, percent-decoded.
    ///   - context: where names without one are looked for: what `/contexts/<context>/…` says.
    init?(_ segments: [String], in context: String = QualifiedSubject.defaultContext) {
        let rest = segments.dropFirst()
        switch (segments.first, segments.count) {
        case (nil, _): self = .root
        case ("healthz", 1): self = .health
        case ("subjects", _): self.init(subjects: Array(rest), context)
        case ("compatibility", _): self.init(compatibility: Array(rest), context)
        case ("schemas", _): self.init(schemas: Array(rest))
        case ("config", 1...2): self = .config(Self.scope(rest.first, context))
        case ("mode", 1...2): self = .mode(Self.scope(rest.first, context))
        case ("contexts", 1): self = .contexts
        case ("contexts", 2): self = .context(segments[1])
        case ("v1", 3) where segments[1] == "metadata" && segments[2] == "id": self = .clusterID
        case ("v1", 3) where segments[1] == "metadata" && segments[2] == "version": self = .serverVersion
        case ("v1", 3) where segments[1] == "metadata" && segments[2] == "deployment": self = .deployment
        case ("associations", 2...): self = .associations
        default: return nil
        }
    }

    private init?(subjects path: [String], _ context: String) {
        guard let first = path.first else {
            self = .subjects
            return
        }
        let subject = QualifiedSubject(first, in: context)
        switch path.count {
        case 1: self = .subject(subject)
        case 2 where path[1] == "versions": self = .versions(subject)
        case 2 where path[1] == "metadata": self = .subjectMetadata(subject)
        case 3 where path[1] == "versions": self = .version(subject, path[2])
        case 4 where path[1] == "versions" && path[3] == "schema": self = .versionText(subject, path[2])
        case 4 where path[1] == "versions" && path[3] == "referencedby": self = .referrers(subject, path[2])
        default: return nil
        }
    }

    private init?(compatibility path: [String], _ context: String) {
        guard path.count >= 3, path[0] == "subjects", path[2] == "versions" else { return nil }
        let subject = QualifiedSubject(path[1], in: context)
        switch path.count {
        case 3: self = .compatibility(subject, nil)
        case 4: self = .compatibility(subject, path[3])
        default: return nil
        }
    }

    private init?(schemas path: [String]) {
        switch (path.first, path.count) {
        case (nil, _): self = .schemas
        case ("types", 1): self = .types
        case ("ids", 2): self = .schema(path[1])
        case ("ids", 3) where path[2] == "schema": self = .schemaText(path[1])
        case ("ids", 3) where path[2] == "subjects": self = .schemaSubjects(path[1])
        case ("ids", 3) where path[2] == "versions": self = .schemaVersions(path[1])
        case ("guids", 2): self = .schemaByGUID(path[1])
        case ("guids", 3) where path[2] == "ids": self = .idsByGUID(path[1])
        default: return nil
        }
    }

    /// The scope of a level or mode: in the default context no name means the whole registry.
    private static func scope(_ name: String?, _ context: String) -> QualifiedSubject? {
        if let name { return QualifiedSubject(name, in: context) }
        return context == QualifiedSubject.defaultContext ? nil : QualifiedSubject(context: context, name: "")
    }
}

/// A path, with the context that `/contexts/<context>/…` puts around it.
struct RegistryPath: Sendable {
    let resource: RegistryResource
    /// Nil for a path that names none.
    let context: String?

    /// `nil` for a path that is not of this API.
    ///
    /// - Parameters:
    ///   - segments: of the path, percent-decoded.
    ///   - alias: the subject that is meant by one's name, where it is another.
    init?(_ segments: [String], alias: (QualifiedSubject) -> QualifiedSubject? = { _ in nil }) {
        let isInside = segments.count > 2 && segments[0] == "contexts"
        let context = isInside ? segments[1] : nil
        var inner = isInside ? Array(segments.dropFirst(2)) : segments
        // Levels and modes are those of the name itself: there the alias is set.
        let place = inner.prefix(2).firstIndex(of: "subjects").map { $0 + 1 }
        if let place, inner.indices.contains(place),
            let meant = alias(QualifiedSubject(inner[place], in: context ?? QualifiedSubject.defaultContext))
        {
            inner[place] = ":\(meant.context):\(meant.name)"
        }
        guard context.map({ $0.hasPrefix(".") }) ?? true,
            let resource = RegistryResource(inner, in: context ?? QualifiedSubject.defaultContext)
        else { return nil }
        self.resource = resource
        self.context = context
    }
}
