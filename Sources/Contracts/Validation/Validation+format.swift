import JSON

extension Validation {
    /// Whether a string has the format of a step.
    func hasFormat(_ step: Instruction, _ value: JSONValue) -> Bool {
        guard let format = Format(rawValue: step.a) else { return true }
        return unsafe withText(of: value) { unsafe format.accepts($0.span) }
    }

    /// What to say of a string that does not have it.
    func formatSentence(_ step: Instruction) -> String {
        guard let format = Format(rawValue: step.a) else { return "does not have its format" }
        return "does not have the format \(format.name), such as \(format.example)"
    }
}
