/// A decoded value and where it was written.
package struct LocatedValue: Sendable {
    package var value: FieldValue
    package var location: ConfigLocation

    package init(_ value: FieldValue, at location: ConfigLocation) {
        self.value = value
        self.location = location
    }
}

/// The value of a field after decoding: already of the field's type and inside its range.
package indirect enum FieldValue: Sendable {
    /// Text, possibly with references that are not resolved yet.
    case text(TextTemplate)
    /// Text whose references are resolved.
    case resolved(String, template: TextTemplate)
    case secret(SecretString, template: TextTemplate)
    case int(Int)
    case double(Double)
    case bool(Bool)
    case duration(Duration)
    case rate(Rate)
    case list([LocatedValue])
    /// In the order of the file.
    case map([MapEntry])
    case object(Fields)
    /// JSON text.
    case json(String)

    /// One pair of a free mapping.
    package struct MapEntry: Sendable {
        package var key: String
        package var keyLocation: ConfigLocation
        package var value: LocatedValue

        package init(key: String, keyLocation: ConfigLocation, value: LocatedValue) {
            self.key = key
            self.keyLocation = keyLocation
            self.value = value
        }
    }
}
