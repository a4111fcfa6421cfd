import ConnectorKit

enum YAMLFixture {
    /// What is wrong with a text as YAML, or as a mapping; empty when nothing is.
    static func finding(_ text: String) -> String {
        do {
            let document = try ConfigDocument(text, file: "a.yaml")
            var decoder = FieldDecoder()
            _ = decoder.decode(document.root, as: ["a", "b", "c"].map { FieldSpec($0, .json, doc: "") })
            return decoder.findings.finished(with: document).map(\.rendered).joined(separator: "\n")
        } catch {
            return error.rendered
        }
    }
}
