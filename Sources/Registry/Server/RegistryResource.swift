/// What a path of the registry's API names. Segments are as the client sent them, percent-decoded.
enum RegistryResource: Sendable, Hashable {
    case root
    case health
    case subjects
    case subject(String)
    case versions(String)
    case version(String, String)
    case versionText(String, String)
    case schema(String)
    case schemaText(String)
    case schemaSubjects(String)
    case schemaVersions(String)
    case schemaByGUID(String)
    case types
    case config(String?)
    case mode(String?)

    /// `nil` for a path that is not of this API.
    init?(_ segments: [String]) {
        switch (segments.first, segments.count) {
        case (nil, _): self = .root
        case ("healthz", 1): self = .health
        case ("subjects", _): self.init(subjects: segments.dropFirst())
        case ("schemas", _): self.init(schemas: segments.dropFirst())
        case ("config", 1...2): self = .config(segments.dropFirst().first)
        case ("mode", 1...2): self = .mode(segments.dropFirst().first)
        default: return nil
        }
    }

    private init?(subjects path: ArraySlice<String>) {
        let path = Array(path)
        switch path.count {
        case 0: self = .subjects
        case 1: self = .subject(path[0])
        case 2 where path[1] == "versions": self = .versions(path[0])
        case 3 where path[1] == "versions": self = .version(path[0], path[2])
        case 4 where path[1] == "versions" && path[3] == "schema": self = .versionText(path[0], path[2])
        default: return nil
        }
    }

    private init?(schemas path: ArraySlice<String>) {
        let path = Array(path)
        switch (path.first, path.count) {
        case ("types", 1): self = .types
        case ("ids", 2): self = .schema(path[1])
        case ("ids", 3) where path[2] == "schema": self = .schemaText(path[1])
        case ("ids", 3) where path[2] == "subjects": self = .schemaSubjects(path[1])
        case ("ids", 3) where path[2] == "versions": self = .schemaVersions(path[1])
        case ("guids", 2): self = .schemaByGUID(path[1])
        default: return nil
        }
    }
}
