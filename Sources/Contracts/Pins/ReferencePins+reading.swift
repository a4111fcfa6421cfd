extension ReferencePins {
    /// The document that is pinned under a URI without fragment.
    /// - Parameters:
    ///   - uri: as references ask for it.
    ///   - copy: gives the bytes of a copy by its path in the folder, nil when it is gone.
    /// - Returns: its bytes; nil when the URI is not pinned.
    /// - Throws: `brokenPin` with the copy's path in the folder, and what `copy` throws.
    package func document(
        _ uri: String,
        copy: (_ file: String) throws(ContractError) -> [UInt8]?
    ) throws(ContractError) -> [UInt8]? {
        guard let pin = self[uri] else { return nil }
        return try Self.checked(pin, try copy(pin.file))
    }

    /// The bytes of a copy, if they are what was pinned.
    /// - Throws: `brokenPin`.
    package static func checked(_ pin: Pin, _ bytes: [UInt8]?) throws(ContractError) -> [UInt8] {
        let name = quoted(pin.uri)
        guard let bytes else {
            throw ContractError(
                .brokenPin,
                "the copy of the pinned document \(name) is gone; bring the file back, or pin the URI again: "
                    + "busbar schema pin \(name)",
                file: pin.file
            )
        }
        let found = sha256(bytes)
        guard found == pin.sha256 else {
            throw ContractError(
                .brokenPin,
                "the copy of the pinned document \(name) is not what was pinned: its SHA-256 is \(found.prefix(16))… and "
                    + "\(pin.sha256.prefix(16))… is pinned; take the change back, or pin the URI again: "
                    + "busbar schema pin \(name)",
                file: pin.file
            )
        }
        return bytes
    }

    // MARK: URIs

    /// The form of a URI that references are looked up by: without fragment, its scheme in lower case, no dots in its path.
    /// - Throws: `invalidReference` for what cannot be pinned: relative references, places of this machine, and what
    ///   busbar knows anyway.
    package static func uri(_ text: String, at pointer: String? = nil) throws(ContractError) -> String {
        let uri = SchemaURI(text).resolved(against: SchemaURI(""))
        let name = uri.withoutFragment
        guard let scheme = uri.scheme, !["busbar", "data", "file"].contains(scheme) else {
            throw ContractError(
                .invalidReference,
                "'\(text)' cannot be pinned: only absolute URIs can, of other schemes than busbar, data and file",
                pointer: pointer
            )
        }
        guard name.utf8.count <= SchemaLibrary.maxURIBytes, name.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw ContractError(
                .invalidReference,
                "the URI cannot be pinned: it has more than \(SchemaLibrary.maxURIBytes) bytes, or white space in it",
                pointer: pointer
            )
        }
        guard Metaschema.text(of: name) == nil else {
            throw ContractError(
                .invalidReference,
                "'\(name)' is a published metaschema, which needs no pin",
                pointer: pointer
            )
        }
        return name
    }

    /// What must be done about a document that a schema of a folder refers to and nobody knows, after "so it must be".
    /// - Parameters:
    ///   - uri: of the document.
    ///   - folder: as the command was given it.
    /// - Returns: what to do, with the command where the document can be pinned.
    package static func advice(for uri: String, in folder: String) -> String {
        guard case .success(let name) = Result(catching: { () throws(ContractError) in try Self.uri(uri) }) else {
            return "embedded or offered beside"
        }
        var command = "busbar schema pin \(quoted(name))"
        switch SchemaURI(name).scheme {
        case "https": break
        case "http": command += " --allow-http"
        default: command += " --file PATH"
        }
        if folder != "schemas" { command += " --schemas \(quoted(folder))" }
        return "embedded or pinned: \(command)"
    }

    /// For a shell: what a schema says must not become a command of its own.
    private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "'\\''"))'" }
}
