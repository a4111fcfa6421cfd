/// What a contract's `format` keywords do.
///
/// 2020-12 makes them annotations unless a schema asks for its `format-assertion` vocabulary, and validators differ
/// in what they check; so asserting is a choice. A schema that asks for the vocabulary is asserted either way.
package enum FormatHandling: String, Sendable, CaseIterable {
    /// They say what is meant and reject nothing.
    case annotation
    /// A string that does not have the format is a violation, in every draft. Unknown formats reject nothing.
    case assertion
}

/// A format of strings that can be asserted: those of 2020-12 validation, section 7.3.
///
/// Each check reads the UTF-8 of the string once and allocates nothing, except `regex`, which is compiled, and host
/// names that are not ASCII, which libidn2 reads.
enum Format: Int32, CaseIterable {
    case dateTime, date, time, duration
    case email, idnEmail
    case hostname, idnHostname
    case ipv4, ipv6
    case uri, uriReference, iri, iriReference, uriTemplate
    case uuid
    case jsonPointer, relativeJSONPointer
    case regex

    /// The value of the keyword.
    var name: String {
        switch self {
        case .dateTime: "date-time"
        case .date: "date"
        case .time: "time"
        case .duration: "duration"
        case .email: "email"
        case .idnEmail: "idn-email"
        case .hostname: "hostname"
        case .idnHostname: "idn-hostname"
        case .ipv4: "ipv4"
        case .ipv6: "ipv6"
        case .uri: "uri"
        case .uriReference: "uri-reference"
        case .iri: "iri"
        case .iriReference: "iri-reference"
        case .uriTemplate: "uri-template"
        case .uuid: "uuid"
        case .jsonPointer: "json-pointer"
        case .relativeJSONPointer: "relative-json-pointer"
        case .regex: "regex"
        }
    }

    /// A string that has the format, for messages.
    var example: String {
        switch self {
        case .dateTime: "2024-02-29T12:30:00Z"
        case .date: "2024-02-29"
        case .time: "12:30:00Z"
        case .duration: "P1DT12H"
        case .email: "ada@example.com"
        case .idnEmail: "δοκιμή@example.com"
        case .hostname: "www.example.com"
        case .idnHostname: "παράδειγμα.example"
        case .ipv4: "192.0.2.1"
        case .ipv6: "2001:db8::1"
        case .uri: "https://example.com/a?b=c"
        case .uriReference: "../a?b=c"
        case .iri: "https://example.com/é"
        case .iriReference: "../é"
        case .uriTemplate: "/orders/{id}"
        case .uuid: "2eb8aa08-aa98-11ea-b4aa-73b441d16380"
        case .jsonPointer: "/a/0"
        case .relativeJSONPointer: "1/a"
        case .regex: "^[a-z]+$"
        }
    }

    /// The format of that name, nil when there is none that could be asserted.
    init?(name: String) {
        guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    /// Whether a text, which must be UTF-8, has the format.
    func accepts(_ text: Span<UInt8>) -> Bool {
        switch self {
        case .dateTime: Self.isDateTime(text)
        case .date: Self.isDate(text)
        case .time: Self.isTime(text, from: 0)
        case .duration: Self.isDuration(text)
        case .email: Self.isMailbox(text, isInternational: false)
        case .idnEmail: Self.isMailbox(text, isInternational: true)
        case .hostname: Self.isHostname(text, 0..<text.count)
        case .idnHostname: Self.isInternationalHostname(text, 0..<text.count, normalizes: false)
        case .ipv4: Self.isIPv4(text, 0..<text.count)
        case .ipv6: Self.isIPv6(text, 0..<text.count)
        case .uri: URIGrammar(isInternational: false).isURI(text)
        case .uriReference: URIGrammar(isInternational: false).isReference(text)
        case .iri: URIGrammar(isInternational: true).isURI(text)
        case .iriReference: URIGrammar(isInternational: true).isReference(text)
        case .uriTemplate: Self.isURITemplate(text)
        case .uuid: Self.isUUID(text)
        case .jsonPointer: Self.isJSONPointer(text, from: 0)
        case .relativeJSONPointer: Self.isRelativeJSONPointer(text)
        case .regex: Self.isRegularExpression(text)
        }
    }
}
