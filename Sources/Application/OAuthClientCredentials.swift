internal import AsyncHTTPClient
internal import Contracts
internal import Foundation
package import Kafka
package import Log
internal import NIOCore
internal import NIOHTTP1

/// Fetches tokens by OAuth's client credentials grant (RFC 6749 section 4.4), for librdkafka's properties of it.
///
/// librdkafka does this itself only where it was built with libcurl, which Debian's is not. The properties are the same, so
/// that a settings file works with both: `sasl.oauthbearer.method: oidc` and `sasl.oauthbearer.client.id`,
/// `.client.secret`, `.scope`, `.extensions`, `.token.endpoint.url`; with `https.ca.location` or `https.ca.pem` for whose
/// certificates the endpoint may have (``EndpointTrust``). They are taken out, and the login is left to a provider.
package struct OAuthClientCredentials: Sendable {
    /// Of one request, answer included. librdkafka asks again after 10 s.
    private static let timeout = TimeAmount.seconds(10)
    /// Of one answer.
    private static let limit = 1 << 20

    /// Lives as long as the process. What keeps a connection from being made is said at once: librdkafka tries again.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration.singletonConfiguration
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(configuration: configuration)
    }()

    private let endpoint: String
    private let client: ClientConfiguration.Secret
    private let secret: ClientConfiguration.Secret
    private let scope: String?
    private let trust: EndpointTrust
    private let extensions: [String: String]

    /// Takes the properties of the grant out of `properties`; `nil` when they do not ask for it.
    /// - Throws: ``Log/LogError/Code/configuration`` when one is missing or cannot be used.
    package init?(takingFrom properties: inout [String: String]) throws(LogError) {
        let prefix = "sasl.oauthbearer."
        guard properties["\(prefix)method"]?.lowercased() == "oidc" else { return nil }
        properties["\(prefix)method"] = nil
        func take(_ name: String) -> String? { properties.removeValue(forKey: prefix + name) }
        func require(_ name: String, _ value: String?) throws(LogError) -> String {
            guard let value, !value.isEmpty else {
                throw Self.failure(.configuration, "`\(prefix)\(name)` is missing; the method `oidc` needs it")
            }
            return value
        }
        // All are taken before any is missed: what is left must be librdkafka's.
        let (client, secret, url) = (take("client.id"), take("client.secret"), take("token.endpoint.url"))
        let (scope, extensions) = (take("scope"), take("extensions"))
        trust = try EndpointTrust(takingFrom: &properties)
        endpoint = try require("token.endpoint.url", url)
        self.client = .init(try require("client.id", client))
        self.secret = .init(try require("client.secret", secret))
        self.scope = scope
        self.extensions = try Self.extensions(in: extensions ?? "")
        guard let url = URL(string: endpoint), url.scheme == "https" || url.scheme == "http", url.host() != nil else {
            throw Self.failure(.configuration, "`\(prefix)token.endpoint.url` is not an http or https URL")
        }
    }

    /// Asks the endpoint for a token.
    /// - Throws: ``Log/LogError/Code/authentication`` with the status, never with the answer or the secret; and
    ///   ``Log/LogError/Code/unreachable`` where there is no answer, or none of a server whose certificate is believed.
    package func token() async throws -> OAuthToken {
        let response = try await response()
        guard response.status == .ok else {
            throw Self.failure(.authentication, "the token endpoint \(endpoint) answered \(response.status.code)")
        }
        let body = try await response.body.collect(upTo: Self.limit)
        let grant: Grant
        do {
            grant = try JSONDecoder().decode(Grant.self, from: Data(body.readableBytesView))
        } catch {
            throw Self.failure(.authentication, "the token endpoint's answer has no `access_token`")
        }
        return try OAuthToken(jwt: grant.accessToken, extensions: extensions)
    }

    private func response() async throws -> HTTPClientResponse {
        do {
            return try await Self.http.execute(request, timeout: Self.timeout)
        } catch {
            throw Self.failure(.unreachable, "the token endpoint \(endpoint) cannot be asked: \(error)")
        }
    }

    private struct Grant: Decodable {
        let accessToken: String
        enum CodingKeys: String, CodingKey { case accessToken = "access_token" }
    }

    private var request: HTTPClientRequest {
        var request = HTTPClientRequest(url: endpoint)
        request.method = .POST
        request.tlsConfiguration = trust.tls
        // As librdkafka sends it: the id and the secret as they are, without RFC 6749's extra encoding.
        let login = Data("\(client.reveal()):\(secret.reveal())".utf8).base64EncodedString()
        request.headers = [
            "Accept": "application/json", "Authorization": "Basic \(login)",
            "Content-Type": "application/x-www-form-urlencoded",
        ]
        var form = "grant_type=client_credentials"
        if let scope, !scope.isEmpty { form += "&scope=\(PercentEncoding.component(scope))" }
        request.body = .bytes(ByteBuffer(string: form))
        return request
    }

    /// `a=1,b=2`, as librdkafka has it.
    private static func extensions(in text: String) throws(LogError) -> [String: String] {
        var extensions: [String: String] = [:]
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else {
                throw failure(
                    .configuration,
                    "`sasl.oauthbearer.extensions` is not of the form `name=value,name=value`"
                )
            }
            extensions[String(pair[0])] = String(pair[1])
        }
        return extensions
    }

    private static func failure(_ code: LogError.Code, _ message: String) -> LogError {
        let name =
            switch code {
            case .configuration: "_INVALID_ARG"
            case .unreachable: "_TRANSPORT"
            default: "_AUTHENTICATION"
            }
        return LogError(code, name: name, message: message, isRetriable: code == .unreachable)
    }
}

extension ClientConfiguration {
    /// A client of librdkafka properties as they stand in a settings file, logins by token included.
    /// - Throws: ``Log/LogError/Code/configuration`` when those for a token cannot be used.
    package init(brokers: [String], settings properties: [String: String]) throws(LogError) {
        var properties = properties
        let credentials = try OAuthClientCredentials(takingFrom: &properties)
        self.init(brokers: brokers, properties: properties)
        if let credentials { tokenProvider = { try await credentials.token() } }
    }
}
