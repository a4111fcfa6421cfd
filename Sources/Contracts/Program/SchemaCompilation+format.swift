extension SchemaCompilation {
    /// `format` asserts when the caller or the schema's own metaschema asks for it; unknown formats never do.
    mutating func format(_ compiler: ContractCompiler) throws(ContractError) {
        guard compiler.formats == .assertion || dialect.allows(.formatAssertion) else { return }
        guard let name = try text("format"), let format = Format(name: name) else { return }
        emit(.string, Instruction(operation: .format, a: format.rawValue))
    }
}
