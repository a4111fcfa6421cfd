internal import JSON

/// A subject and the context it is in, as in `:.staging:orders-value`; without one it is in the default context.
///
/// Ids are given out per context. An empty name stands for the context itself, for levels and modes.
package struct QualifiedSubject: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The context of subjects that name none.
    package static let defaultContext = "."
    /// Confluent's name for what holds in every context.
    static let globalContext = ".__GLOBAL"

    /// Begins with a dot.
    package let context: String
    package let name: String

    package init(context: String = Self.defaultContext, name: String) {
        self.context = context
        self.name = name
    }

    /// Splits `:.context:name`; any other text is a name in the default context.
    package init(_ text: String) {
        let rest = text.dropFirst()
        guard text.hasPrefix(":.") else {
            self.init(name: text)
            return
        }
        let context = rest.prefix { $0 != ":" }
        self.init(context: String(context), name: String(rest.dropFirst(context.count + 1)))
    }

    /// The text seen from inside a context: where it names none, it is in that one.
    init(_ text: String, in context: String) {
        self = text.hasPrefix(":.") ? QualifiedSubject(text) : QualifiedSubject(context: context, name: text)
    }

    /// As the API writes it: the bare name in the default context.
    package var description: String {
        context == Self.defaultContext && !name.isEmpty ? name : ":\(context):\(name)"
    }

    package static func < (left: QualifiedSubject, right: QualifiedSubject) -> Bool {
        JSONName(left.description) < JSONName(right.description)
    }

    // As the keys of records are: names that are canonically equivalent are two subjects.
    package static func == (left: QualifiedSubject, right: QualifiedSubject) -> Bool {
        JSONName(left.name) == JSONName(right.name) && JSONName(left.context) == JSONName(right.context)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(JSONName(context))
        hasher.combine(JSONName(name))
    }

    /// - Throws: 42208 for a name that no schema can be registered under.
    func checked() throws(RegistryError) -> QualifiedSubject {
        let hasControl = description.unicodeScalars.contains { $0.properties.generalCategory == .control }
        guard !hasControl, !name.isEmpty, name != "__GLOBAL", name != "__EMPTY", name.utf8.count <= 1_024 else {
            throw RegistryError(
                .invalidSubject,
                "The specified subject is not valid: 1 to 1024 bytes without control characters, and neither "
                    + "__GLOBAL nor __EMPTY."
            )
        }
        return self
    }
}
