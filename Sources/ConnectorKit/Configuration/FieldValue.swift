/// A decoded value and where it was written.
package struct LocatedValue: Sendable {
    /// The value.
    package var value: FieldValue
    /// Where it was written; where its mapping starts for a default.
    package var location: ConfigLocation

    /// A value at a place.
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
        /// As written; free keys have no spec.
        package var key: String
        /// Where the key starts.
        package var keyLocation: ConfigLocation
        /// The value with its place.
        package var value: LocatedValue

        /// One pair.
        package init(key: String, keyLocation: ConfigLocation, value: LocatedValue) {
            self.key = key
            self.keyLocation = keyLocation
            self.value = value
        }
    }
}
