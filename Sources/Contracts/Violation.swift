package import JSON

/// One reason why an instance does not obey a contract.
package struct Violation: Sendable, Equatable, CustomStringConvertible {
    /// JSON Pointer into the instance; empty for the whole of it.
    package let instance: String
    /// JSON Pointer into the contract's document to the keyword that failed, such as `/properties/a/items/type`;
    /// in a document it refers to, that document's URI, `#` and the pointer.
    package let keyword: String
    /// A sentence. It names members and kinds and what the contract allows, never values of the instance.
    package let message: String

    package var description: String { "\(message) (\(keyword))" }

    package init(instance: String, keyword: String, message: String) {
        self.instance = instance
        self.keyword = keyword
        self.message = message
    }
}

extension JSONWriter {
    /// Writes the line of `schema validate --json` for one instance:
    /// `{"index":0,"valid":false,"errors":[{"instance":"/a/0","keyword":"/properties/a/items/type","message":"…"}]}`.
    package mutating func verdict(index: Int, violations: [Violation]) {
        object { writer in
            writer.member("index", index)
            writer.member("valid", violations.isEmpty)
            writer.array("errors") { writer in
                for violation in violations {
                    writer.object { writer in
                        writer.member("instance", violation.instance)
                        writer.member("keyword", violation.keyword)
                        writer.member("message", violation.message)
                    }
                }
            }
        }
    }
}
