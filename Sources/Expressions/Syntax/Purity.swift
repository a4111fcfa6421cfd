/// A program must be a pure function of the record and its bindings: dedupe, replay and dry runs rely on it.
enum Purity {
    /// Functions and keywords of jq 1.6 that break that rule or the process, and what to do instead.
    private static let functions: [String: String] = [
        "input": "reads other records; one record is all a program sees",
        "inputs": "reads other records; one record is all a program sees",
        "debug": "writes to the terminal; use `busbar tap` to look at records",
        "stderr": "writes to the terminal; use `busbar tap` to look at records",
        "input_filename": "depends on where the record was read; use $meta",
        "input_line_number": "depends on where the record was read; use $meta",
        "env": "reads the environment; pass values with ${env:NAME} in the connector file",
        "halt": "ends the process; use error(\"…\") to fail a record, or empty in a filter to drop it",
        "halt_error": "ends the process; use error(\"…\") to fail a record",
        "now": "differs on every run; use $meta.timestamp (milliseconds)",
        "localtime": "depends on the machine's time zone; use gmtime",
        "strflocaltime": "depends on the machine's time zone; use strftime",
        "get_search_list": "depends on the machine",
        "get_prog_origin": "depends on the machine",
        "get_jq_origin": "depends on the machine",
        "modulemeta": "reads files",
        "import": "reads files; a program is complete in itself",
        "include": "reads files; a program is complete in itself",
        "module": "makes a library; a program is complete in itself",
        "jn": "takes unbounded time inside the C library",
        "yn": "takes unbounded time inside the C library",
    ]

    /// Names through which jq 1.6 spells its operators and the C side of its library.
    private static let internals: Set<String> = [
        "_plus", "_minus", "_multiply", "_divide", "_mod", "_negate", "_equal", "_notequal", "_less", "_greater",
        "_lesseq", "_greatereq", "_input", "_match_impl", "_strindices", "_sort_by_impl", "_group_by_impl",
        "_min_by_impl", "_max_by_impl", "_assign", "_modify", "_flatten", "_nwise",
    ]

    /// What names of the prelude begin with.
    static let reservedPrefix = "__busbar"

    static func check(function token: Token, in text: ProgramText) throws(ExpressionError) {
        if let reason = functions[token.text] {
            throw impure("`\(token.text)` is not allowed: it \(reason)", token, text)
        }
        if internals.contains(token.text) || token.text.hasPrefix(reservedPrefix) {
            throw impure("`\(token.text)` is not allowed: the name belongs to the jq library; use another", token, text)
        }
    }

    static func check(variable token: Token, in text: ProgramText) throws(ExpressionError) {
        if token.text == "ENV" {
            throw impure(
                "`$ENV` is not allowed: it reads the environment; pass values with ${env:NAME} in the connector file",
                token,
                text
            )
        }
        if token.text.hasPrefix(reservedPrefix) {
            throw impure("`$\(token.text)` is not allowed: names with `\(reservedPrefix)` are reserved", token, text)
        }
    }

    private static func impure(_ message: String, _ token: Token, _ text: ProgramText) -> ExpressionError {
        ExpressionError(code: .impure, message: message, location: text.location(at: token.offset))
    }
}
