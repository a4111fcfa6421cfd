internal import KafkaProtocol
internal import NIOCore

extension RequestDispatcher {
    /// DescribeUserScramCredentials (KIP-554): of users that clients made; those of the file are the file's.
    func describeScram(_ request: DescribeUserSCRAMCredentialsRequest, _ call: Call) {
        guard node.allowsCluster(call, .describe) else {
            return call.answer(
                DescribeUserSCRAMCredentialsResponse(
                    errorCode: .clusterAuthorizationFailed,
                    errorMessage: "the client may not describe the cluster",
                    results: []
                )
            )
        }
        let known = node.credentials.described
        let asked = Dictionary(grouping: request.users ?? [], by: \.name).sorted { $0.key < $1.key }
        let results =
            asked.isEmpty
            ? known.map(Self.describe)
            : asked.map { name, entries -> DescribeUserSCRAMCredentialsResponse.Result in
                if entries.count > 1 { return .init(user: name, failed: .duplicateResource, "the user is named twice") }
                return known.first { $0.user == name }.map(Self.describe)
                    ?? .init(user: name, failed: .resourceNotFound, "no client has made such a user")
            }
        call.answer(DescribeUserSCRAMCredentialsResponse(results: results))
    }

    private static func describe(
        _ known: (user: String, credentials: [ScramCredential])
    ) -> DescribeUserSCRAMCredentialsResponse.Result {
        .init(
            user: known.user,
            credentialInfos: known.credentials.map {
                .init(mechanism: $0.hash == .sha256 ? .sha256 : .sha512, iterations: Int32($0.iterations))
            }
        )
    }

    /// AlterUserScramCredentials (KIP-554). A user whose changes are not all right is left alone.
    func alterScram(_ request: AlterUserSCRAMCredentialsRequest, _ call: Call) {
        let users = Set(request.deletions.map(\.name) + request.upsertions.map(\.name)).sorted()
        guard node.allowsCluster(call, .alter) else {
            let message = "the client may not alter the cluster"
            return answer(
                users.map { .init(user: $0, errorCode: .clusterAuthorizationFailed, errorMessage: message) },
                call
            )
        }
        let results = users.map { user -> AlterUserSCRAMCredentialsResponse.Result in
            do throws(TopicAdministration.Refusal) {
                let missing = try apply(try changes(of: user, request))
                guard missing else { return .init(user: user) }
                return .init(user: user, errorCode: .resourceNotFound, errorMessage: "there is no such credential")
            } catch {
                return .init(user: user, errorCode: error.code, errorMessage: error.message)
            }
        }
        answer(results, call)
    }

    private func answer(_ results: [AlterUserSCRAMCredentialsResponse.Result], _ call: Call) {
        call.answer(AlterUserSCRAMCredentialsResponse(results: results))
    }

    private func changes(
        of user: String,
        _ request: AlterUserSCRAMCredentialsRequest
    ) throws(TopicAdministration.Refusal) -> [CredentialStore.Change] {
        guard !user.isEmpty else { throw .init(.unacceptableCredential, "the user's name is empty") }
        guard !node.credentials.isOfFile(user) else {
            throw .init(.unacceptableCredential, "the user stands in the broker's settings file; change it there")
        }
        var changes: [CredentialStore.Change] = []
        var named: Set<SCRAMMechanism> = []
        for deletion in request.deletions where deletion.name == user {
            changes.append(.delete(user: user, try hash(deletion.mechanism)))
            guard named.insert(deletion.mechanism).inserted else { throw Self.twice }
        }
        for upsertion in request.upsertions where upsertion.name == user {
            let range = ScramCredential.iterationRange
            guard range.contains(Int(upsertion.iterations)) else {
                throw .init(
                    .unacceptableCredential,
                    "iterations must be from \(range.lowerBound) to \(range.upperBound)"
                )
            }
            let credential = ScramCredential(
                saltedPassword: Array(upsertion.saltedPassword.readableBytesView),
                salt: Array(upsertion.salt.readableBytesView),
                iterations: Int(upsertion.iterations),
                hash: try hash(upsertion.mechanism)
            )
            changes.append(.upsert(user: user, credential))
            guard named.insert(upsertion.mechanism).inserted else { throw Self.twice }
        }
        return changes
    }

    private static let twice = TopicAdministration.Refusal(
        .duplicateResource,
        "one request changes a user's mechanism once"
    )

    private func hash(_ mechanism: SCRAMMechanism) throws(TopicAdministration.Refusal) -> ScramHash {
        switch mechanism {
        case .sha256: .sha256
        case .sha512: .sha512
        case .unknown: throw .init(.unsupportedSASLMechanism, "the mechanism is not known")
        }
    }

    private func apply(_ changes: [CredentialStore.Change]) throws(TopicAdministration.Refusal) -> Bool {
        do throws(BrokerError) {
            return try !node.credentials.apply(changes).isEmpty
        } catch {
            let (code, message) = explain(error)
            throw .init(code, message)
        }
    }
}

extension DescribeUserSCRAMCredentialsResponse.Result {
    fileprivate init(user: String, failed code: ErrorCode, _ message: String) {
        self.init(user: user, errorCode: code, errorMessage: message, credentialInfos: [])
    }
}
