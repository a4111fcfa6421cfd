/// How much an inference remembers, so that neither many nor hostile records make it grow without end.
package struct InferenceBounds: Sendable, Equatable {
    /// Places in the records, such as `/items/*/price`, that are described apart. When there are more, objects become maps,
    /// those with the most members first. Default 20,000, at most a few KB each.
    package var places = 20_000
    /// Different members of one object that are described apart; an object with more is a map. Default 256.
    package var members = 256
    /// Arrays and objects within one another; what lies deeper is not described. Default 64.
    package var depth = 64
    /// Different texts of one place that may become an `enum`. Default 16.
    package var texts = 16
    /// Bytes of a text or number that is remembered. Default 64.
    package var textBytes = 64
    /// Bytes of a member's name; an object with a longer one is a map. Default 256.
    package var nameBytes = 256
    /// Different values of the discriminator; with more there are no variants. Default 32.
    package var variants = 32

    package init() {}
}
