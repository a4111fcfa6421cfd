/// The name of a family of contracts, such as `github.issues`: the folder that holds its versions.
package struct SchemaSubject: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let name: String

    package var description: String { name }

    /// Names are file names: 1 to 249 letters, digits, `.`, `_` and `-`, not starting with `.`.
    /// - Throws: `invalidReference` saying what is wrong with the name.
    package init(_ name: String) throws(ContractError) {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isPlain, !name.isEmpty, name.utf8.count <= 249, !name.hasPrefix(".") else {
            throw ContractError(
                .invalidReference,
                "'\(name)' is no subject: 1 to 249 letters, digits, '.', '_' and '-', not starting with '.'"
            )
        }
        self.name = name
    }

    package static func < (left: SchemaSubject, right: SchemaSubject) -> Bool { left.name < right.name }
}
