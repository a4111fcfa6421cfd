/// A text with references to values that are resolved at start: `${env:NAME}`, `${file:PATH}`, `${secret:NAME}`.
///
/// `$${` stands for a literal `${`. A `$` before anything else is itself.
///
/// Printing one shows its references only: a literal part may be a secret that somebody wrote into the file.
package struct TextTemplate: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    /// A piece of the text.
    package enum Part: Sendable, Hashable {
        case literal(String)
        case reference(Reference)
    }

    /// What a `${…}` names.
    package struct Reference: Sendable, Hashable, CustomStringConvertible {
        /// Where the value comes from.
        package enum Kind: String, Sendable, CaseIterable {
            case env, file, secret
        }

        /// Where the value comes from.
        package var kind: Kind
        /// The variable, path or secret after the colon.
        package var name: String

        /// As it is written in the file.
        package var description: String { "${\(kind.rawValue):\(name)}" }
    }

    /// As it was written.
    package let source: String
    /// In order; at least one.
    package let parts: [Part]

    /// Text without references.
    package init(literal: String) {
        source = literal
        parts = [.literal(literal)]
    }

    /// The text without its references, `$${` as `${`.
    package var plainText: String {
        parts.map { if case .literal(let text) = $0 { text } else { "" } }.joined()
    }

    /// In the order of the text.
    package var references: [Reference] {
        parts.compactMap { if case .reference(let reference) = $0 { reference } else { nil } }
    }

    /// The references alone.
    package var description: String { "text with references \(references)" }
    /// Without children, so that `dump` shows no literal part.
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// Whether the resolved text must not be shown.
    package var holdsSecret: Bool {
        references.contains { $0.kind != .env }
    }

    /// Whether the text as written gives nothing away: references, and words before them such as `Bearer `.
    var isShowable: Bool {
        !references.isEmpty
            && parts.allSatisfy { if case .literal(let text) = $0 { text.last?.isWhitespace ?? true } else { true } }
    }

    /// Parses `source`.
    /// - Throws: ``SyntaxError`` at the first reference that is not well formed.
    package init(parsing source: String) throws(SyntaxError) {
        self.source = source
        var parts: [Part] = []
        var literal = ""
        var rest = source[...]
        while let dollar = rest.firstIndex(of: "$") {
            literal += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                literal += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                if !literal.isEmpty { parts.append(.literal(literal)) }
                literal = ""
                parts.append(.reference(try Self.reference(&rest)))
            } else {
                literal += "$"
                rest = rest.dropFirst()
            }
        }
        literal += rest
        if !literal.isEmpty || parts.isEmpty { parts.append(.literal(literal)) }
        self.parts = parts
    }

    /// Why a `${…}` is not a reference.
    package struct SyntaxError: Error, Hashable {
        /// What is wrong with the reference.
        package var message: String
        /// How to write it.
        package var fix: String
    }

    private static func reference(_ rest: inout Substring) throws(SyntaxError) -> Reference {
        guard let close = rest.firstIndex(of: "}") else {
            throw SyntaxError(
                message: "`${` has no closing `}`",
                fix: "Close the reference, or write `$${` for a literal `${`."
            )
        }
        let body = rest.dropFirst(2)[..<close]
        rest = rest[rest.index(after: close)...]
        guard let colon = body.firstIndex(of: ":"), let kind = Reference.Kind(rawValue: String(body[..<colon])) else {
            throw SyntaxError(
                message: "`${\(Self.short(body))}` names no kind of reference",
                fix: "Write `${env:NAME}`, `${file:PATH}` or `${secret:NAME}`, or `$${` for a literal `${`."
            )
        }
        let name = String(body[body.index(after: colon)...])
        guard isValid(name, for: kind) else {
            throw SyntaxError(
                message: "`${\(Self.short(body))}` has no usable name after the colon",
                fix: rule(for: kind)
            )
        }
        return Reference(kind: kind, name: name)
    }

    private static func short(_ body: Substring) -> String {
        body.count > 40 ? body.prefix(40) + "…" : String(body)
    }

    private static func isValid(_ name: String, for kind: Reference.Kind) -> Bool {
        switch kind {
        case .env:
            name.first.map { !$0.isNumber } == true
                && name.unicodeScalars.allSatisfy {
                    $0 == "_" || ($0.isASCII && $0.properties.isAlphabetic) || ("0"..."9").contains($0)
                }
        case .file: !name.isEmpty && !name.contains("\0")
        case .secret:
            !name.hasPrefix(".") && !name.isEmpty
                && name.unicodeScalars.allSatisfy {
                    ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                        || "._-".unicodeScalars.contains($0)
                }
        }
    }

    private static func rule(for kind: Reference.Kind) -> String {
        switch kind {
        case .env: "Name an environment variable of letters, digits and `_`, for example `${env:TICKETS_URL}`."
        case .file: "Name a file, for example `${file:/run/secrets/token}`."
        case .secret: "Name a secret of letters, digits, `-`, `_` and `.`, for example `${secret:tickets-token}`."
        }
    }
}
