/// What this comparison knows of a `format`: a pattern that all its texts match, and one all of whose texts obey it.
///
/// In between it does not know. This is enough to prove that a format excludes the empty text or another format, and to
/// write down an example; the recognisers proper belong to ``Contract``.
struct FormatKnowledge {
    let necessary: String
    let sufficient: String
    /// More texts that obey it, less readable ones.
    let rare: String?

    private init(necessary: String, sufficient: String? = nil, rare: String? = nil) {
        self.necessary = necessary
        self.sufficient = sufficient ?? necessary
        self.rare = rare
    }

    private static let noDelimiters = #"[^\x00-\x20"<>\\^`{|}]"#
    private static let plainURI = "(https?|HTTPS?)://[a-z]+(\\.[a-z]+)*(/[a-z0-9]*)*"
    /// A scheme and a colon, or a first segment without one (RFC 3986 section 4.2).
    private static let reference =
        "([A-Za-z][A-Za-z0-9+.-]*:\(noDelimiters)*|[^\\x00-\\x20\"<>\\\\^`{|}:/?#]*([/?#]\(noDelimiters)*)?)"
    private static let date = "20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
    private static let time = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
    private static let looseTime = "[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?([zZ]|[+-][0-9]{2}:[0-9]{2})"
    private static let pointer = "(/([^~/]|~[01])*)*"

    /// RFC 3339, 5321, 1123, 2673, 4291, 3986, 3987, 6570, 4122, 6901 and ECMA-262, each as far as its outline.
    static let formats: [String: FormatKnowledge] = [
        "date-time": FormatKnowledge(
            necessary: "^[0-9]{4}-[0-9]{2}-[0-9]{2}[tT ]\(looseTime)$",
            sufficient: "^\(date)T\(time)$"
        ),
        "date": FormatKnowledge(necessary: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", sufficient: "^\(date)$"),
        "time": FormatKnowledge(necessary: "^\(looseTime)$", sufficient: "^\(time)$"),
        "duration": FormatKnowledge(necessary: "^P[0-9TYMDWHS]+$", sufficient: "^P[0-9]{1,4}D$"),
        "email": FormatKnowledge(necessary: ".@.", sufficient: "^[a-z0-9]{1,60}@[a-z]{1,60}\\.[a-z]{2,20}$"),
        "idn-email": FormatKnowledge(
            necessary: ".@.",
            sufficient: "^[a-z0-9]{1,60}@[a-z]{1,60}\\.[a-z]{2,20}$"
        ),
        "hostname": FormatKnowledge(
            necessary: "^[A-Za-z0-9.-]+$",
            sufficient: "^[a-z]{1,60}(\\.[a-z]{1,60})?$"
        ),
        "idn-hostname": FormatKnowledge(
            necessary: "^[^\\x00-\\x20/:@?#%]+$",
            sufficient: "^[a-z]{1,60}(\\.[a-z]{1,60})?$"
        ),
        "ipv4": FormatKnowledge(
            necessary: "^[0-9]{1,3}(\\.[0-9]{1,3}){3}$",
            sufficient: "^([0-9]|[1-9][0-9]|1[0-9]{2})(\\.([0-9]|[1-9][0-9]|1[0-9]{2})){3}$"
        ),
        "ipv6": FormatKnowledge(necessary: "^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$", sufficient: "^::[1-9a-f]?$"),
        "uri": FormatKnowledge(
            necessary: "^[A-Za-z][A-Za-z0-9+.-]*:\(noDelimiters)*$",
            sufficient: "^\(plainURI)$",
            rare: "^[a-z]+:[a-z]*$"
        ),
        "uri-reference": FormatKnowledge(
            necessary: "^\(reference)$",
            sufficient: "^([a-z0-9/]*|\(plainURI))$"
        ),
        "iri": FormatKnowledge(
            necessary: "^[A-Za-z][A-Za-z0-9+.-]*:\(noDelimiters)*$",
            sufficient: "^\(plainURI)$",
            rare: "^[a-z]+:[a-z]*$"
        ),
        "iri-reference": FormatKnowledge(
            necessary: "^\(reference)$",
            sufficient: "^([a-z0-9/]*|\(plainURI))$"
        ),
        "uri-template": FormatKnowledge(
            necessary: "^([^{}]|\\{[^{}]+\\})*$",
            sufficient: "^([a-z0-9/]*|\(plainURI))$"
        ),
        "uuid": FormatKnowledge(
            necessary: "^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$"
        ),
        "json-pointer": FormatKnowledge(necessary: "^\(pointer)$"),
        "relative-json-pointer": FormatKnowledge(
            necessary: "^[0-9]",
            sufficient: "^(0|[1-9][0-9]*)(#|\(pointer))$"
        ),
        "regex": FormatKnowledge(necessary: "^$|^[^(]|^\\([^]", sufficient: "^[A-Za-z0-9 ]*$"),
    ]

    /// Of encodings and media types: base64 is RFC 4648 section 4; of JSON documents only the plainest are known.
    static let contents: [String: FormatKnowledge] = [
        "base64": FormatKnowledge(
            necessary: "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
        ),
        "application/json": FormatKnowledge(
            necessary: "[0-9el\\]}\"]",
            sufficient: "^(\\{\\}|\\[\\]|[0-9]|null|true)$"
        ),
    ]

    /// Pairs where every text of the first format obeys the second.
    static let contained: Set<[String]> = [
        ["uri", "uri-reference"], ["uri", "iri"], ["uri", "iri-reference"], ["iri", "iri-reference"],
        ["uri-reference", "iri-reference"], ["email", "idn-email"],
    ]
}
