/// What a field of a configuration file may hold.
///
/// | case | written as |
/// |---|---|
/// | ``duration(_:)`` | `200ms`, `5s`, `10m`, `1h`, `7d` |
/// | ``size(_:)`` | `512B`, `64KiB`, `1MiB`, `10MB` (bytes) |
/// | ``rate`` | `50/s`, `100/m`, `10/h` |
/// | ``percentage`` | `99.9%` |
public indirect enum FieldType: Sendable {
    /// Text; `${env:…}`, `${file:…}` and `${secret:…}` are resolved at start.
    case string
    /// Like ``string``, never shown; a warning where it is written into the file.
    case secret
    case int(ClosedRange<Int> = 0...Int.max)
    case double(ClosedRange<Double>)
    case bool
    case duration(ClosedRange<Duration> = .zero ... .seconds(315_360_000))
    /// Bytes.
    case size(ClosedRange<Int> = 1...Int.max)
    case rate
    case percentage
    /// One of the given words.
    case choice([String])
    /// A sequence with so many elements. A value that is no sequence is an error.
    case list(FieldType, count: ClosedRange<Int> = 0...10_000)
    /// A mapping with any keys.
    case map(FieldType)
    /// A mapping with these keys.
    case object([FieldSpec])
    /// A mapping with exactly one of `fields`, besides any of `common`.
    case union([FieldSpec], common: [FieldSpec] = [])
    /// The first of several shapes that fits.
    case oneOf([FieldType])
    /// A jq program; compiled by the linter.
    case jq
    /// A topic that Kafka would accept the name of.
    case topic
    /// A topic, or a regular expression over topic names that starts with `^`.
    case topicPattern
    /// A contract: `github.issues` or `github.issues@v2`.
    case subject
    /// An absolute `http` or `https` address.
    case url
    /// A path of a file or folder, relative to the working directory.
    case path
    /// Any YAML value, kept as JSON text.
    case json
}
