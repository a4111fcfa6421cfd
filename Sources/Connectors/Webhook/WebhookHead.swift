internal import HTTPTypes

/// What a request's head says, judged before its body is read: an unsigned request costs no memory.
struct WebhookHead {
    let fields: HTTPFields
    /// The answer when the body need not be read.
    let refusal: WebhookAnswer?
    private let settings: WebhookSettings
    private let signature: [UInt8]?

    init(_ request: HTTPRequest, settings: WebhookSettings) {
        self.settings = settings
        fields = request.headerFields
        do {
            signature = try Self.signature(request.headerFields, settings.profile)
            refusal = Self.refusal(request, settings)
        } catch {
            signature = nil
            refusal = Self.refusal(request, settings) ?? .unauthorized(closes: true)
        }
    }

    var expectsInvitation: Bool { fields[.expect]?.lowercased() == "100-continue" }

    /// `nil` when `body` is authentic.
    func authenticate(_ body: [UInt8]) -> WebhookAnswer? {
        guard case .github(let secrets) = settings.profile else { return nil }
        do throws(GitHubSignature.Failure) {
            try GitHubSignature.verify(signature ?? [], body: body, secrets: secrets())
            return nil
        } catch {
            // Without a usable secret nobody can be authentic: the sender shall come back, not be turned away.
            return error == .configEmptySecret
                ? .unavailable(retryAfter: 5, closes: false) : .unauthorized(closes: false)
        }
    }

    private static func signature(
        _ fields: HTTPFields,
        _ profile: WebhookSettings.Profile
    ) throws(GitHubSignature.Failure) -> [UInt8]? {
        guard case .github = profile else { return nil }
        return try GitHubSignature.parse(HTTPField.Name(GitHubSignature.header).map { fields[values: $0] } ?? [])
    }

    private static func refusal(_ request: HTTPRequest, _ settings: WebhookSettings) -> WebhookAnswer? {
        guard request.method == .post else { return .notAllowed() }
        let fields = request.headerFields
        if let length = fields[.contentLength].flatMap(Int.init), length > settings.maxBody {
            return .tooLarge(limit: settings.maxBody)
        }
        if let coding = fields[.contentEncoding], coding.lowercased() != "identity" {
            return .problem(415, "Unsupported Media Type", "Send the body without a content coding.", closes: true)
        }
        guard let type = mediaType(fields), settings.contentTypes.contains(type) else {
            let accepted = settings.contentTypes.joined(separator: ", ")
            return .problem(415, "Unsupported Media Type", "Send the body as \(accepted).", closes: true)
        }
        return nil
    }

    /// Without its parameters, in lower case.
    private static func mediaType(_ fields: HTTPFields) -> String? {
        guard let type = fields[.contentType]?.split(separator: ";").first else { return nil }
        return String(type.filter { $0 != " " && $0 != "\t" }).lowercased()
    }
}
