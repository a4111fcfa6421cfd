/// A text that must not be seen: it shows as `***` wherever it is printed, interpolated or dumped.
public struct SecretString: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{
    private let value: String

    /// Wraps `value`, which should not be kept elsewhere.
    public init(_ value: String) {
        self.value = value
    }

    /// The text itself, for the one call that sends it. Never log it, never put it into an error.
    public func reveal() -> String { value }

    /// Whether there is no text.
    public var isEmpty: Bool { value.isEmpty }

    /// Always `***`.
    public var description: String { "***" }
    /// Always `***`.
    public var debugDescription: String { "***" }
    /// Without children, so that `dump` shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
