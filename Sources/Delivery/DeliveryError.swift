/// What went wrong in Delivery: a setting out of range, or commit metadata that is not our accounting.
package struct DeliveryError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The closed set of causes; the raw value is safe as a metric label.
    package enum Code: String, CaseIterable, Sendable {
        /// A setting is outside the range its documentation states.
        case invalidSetting = "invalid_setting"
        /// The commit carries no metadata: a group that never committed, or another client's commit.
        case metadataAbsent = "metadata_absent"
        /// The commit's metadata was not written by busbar.
        case metadataForeign = "metadata_foreign"
        /// The commit's metadata was written by a busbar whose format this one does not know.
        case metadataVersion = "metadata_version"
        /// The commit's metadata is ours but cannot be read or does not balance.
        case metadataDamaged = "metadata_damaged"
    }

    /// What kind of error it is.
    package var code: Code
    /// What happened, with the value, and what to do.
    package var message: String
    /// The setting or metadata field concerned, when there is one.
    package var location: String?

    /// An error of this code; see the properties for what the others hold.
    package init(_ code: Code, _ message: String, location: String? = nil) {
        self.code = code
        self.message = message
        self.location = location
    }

    /// The whole text for logs; it holds settings and field names, never record contents.
    package var description: String {
        guard let location else { return "\(code.rawValue): \(message)" }
        return "\(code.rawValue) at \(location): \(message)"
    }
}

extension DeliveryError {
    /// Throws `invalidSetting` unless `isValid`, naming the setting, its value and the range that is allowed.
    static func require(
        _ isValid: Bool,
        _ setting: String,
        is value: some CustomStringConvertible,
        allowed: String
    ) throws(DeliveryError) {
        if isValid { return }
        throw DeliveryError(
            .invalidSetting,
            "\(setting) is \(value); it must be \(allowed).",
            location: setting
        )
    }
}
