extension ClientConfiguration {
    /// A password or a private key: usable where it is needed, and shown nowhere.
    ///
    /// Neither `description` nor `dump` nor a mirror gives the value away; ``reveal()`` is the only way to it, and easy to
    /// search for.
    public struct Secret: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible, CustomReflectable {
        private let value: String

        /// Keeps `value` as it stands, white space and line ends included.
        public init(_ value: String) {
            self.value = value
        }

        public init(stringLiteral value: String) {
            self.init(value)
        }

        /// The value itself.
        public func reveal() -> String { value }

        /// Always `<secret>`.
        public var description: String { "<secret>" }
        /// Holds no children.
        public var customMirror: Mirror { Mirror(self, children: []) }
    }
}
