/// What an inferred schema says beyond types, members and items.
package struct InferredSchemaOptions: Sendable {
    /// Draft-07 or 2020-12. Default draft-07.
    package var draft = SchemaDraft.draft7
    /// `title`, nil for none.
    package var title: String?
    /// `$id`, nil for none.
    package var id: String?
    /// Whether objects refuse members that were never seen. Default no.
    package var isClosed = false
    /// Whether strings that all have one format get `format`. Default yes.
    package var namesFormats = true
    /// Whether strings with few different values, each seen often, get `enum`. Default yes.
    package var namesEnums = true
    /// Whether numbers get the least and greatest one seen as `minimum` and `maximum`. Default no.
    package var hasBounds = false

    package init() {}
}
