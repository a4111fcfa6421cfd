import JSON

/// The published metaschemas, in the binary because schemas refer to them and nothing is fetched.
enum Metaschema {
    /// The text of a document by its URI without fragment, nil when it is none of the published ones.
    static func text(of uri: String) -> String? {
        for documents in [
            draft202012Documents, draft201909Documents, draft7Documents, draft6Documents, draft4Documents,
        ] {
            if let text = documents[uri] { return text }
        }
        return nil
    }

    /// The compiled metaschema of a draft; compiled at the first use.
    static func contract(of draft: SchemaDraft) throws(ContractError) -> Contract {
        switch draft {
        case .draft4: try draft4.get()
        case .draft6: try draft6.get()
        case .draft7: try draft7.get()
        case .draft201909: try draft201909.get()
        case .draft202012: try draft202012.get()
        }
    }

    private static let draft4 = compile(.draft4)
    private static let draft6 = compile(.draft6)
    private static let draft7 = compile(.draft7)
    private static let draft201909 = compile(.draft201909)
    private static let draft202012 = compile(.draft202012)

    private static func compile(_ draft: SchemaDraft) -> Result<Contract, ContractError> {
        Result { () throws(ContractError) in
            var library = SchemaLibrary(resolver: .none, defaultDraft: draft)
            let root = try library.load(draft.metaschemaURI, referredFrom: nil)
            return Contract(program: try ContractCompiler.compile(root, in: library))
        }
    }
}
