import Foundation
import Testing
import Yams

@Suite struct ComposeFileTests {
    private let compose: ComposeFile

    init() throws {
        compose = try ComposeFile()
    }

    @Test func hasKafkaTheRegistryAndAWorkerThatWaitsForKafka() throws {
        #expect(compose.services.map(\.name) == ["kafka", "registry", "worker"])
        let worker = try #require(compose.service("worker"))
        #expect(worker.node["depends_on"]?["kafka"]?["condition"]?.string == "service_healthy")
        for service in compose.services { #expect(!service.healthcheck.isEmpty, "\(service.name) has no health check") }
    }

    @Test func pinsEveryImageItDoesNotBuild() throws {
        for service in compose.services where service.node["build"] == nil {
            let image = try #require(service.node["image"]?.string)
            #expect(image.wholeMatch(of: /[a-z\/]+:\d+\.\d+\.\d+/) != nil, "\(image) is no exact version")
        }
        #expect(compose.service("kafka")?.node["image"]?.string == "apache/kafka:3.9.1")
    }

    @Test func whatItRefersToIsThere() throws {
        let volumes = compose.names(of: "volumes")
        let secrets = compose.names(of: "secrets")
        for service in compose.services {
            for volume in service.volumes where !volume.source.hasPrefix("./") {
                #expect(volumes.contains(volume.source), "\(service.name): no volume \(volume.source)")
            }
            #expect(Set(service.strings("secrets")).isSubset(of: secrets))
            if let dockerfile = service.node["build"]?["dockerfile"]?.string { #expect(Repository.has(dockerfile)) }
        }
        let used = Set(compose.services.flatMap { $0.volumes.map(\.source) }.filter { !$0.hasPrefix("./") })
        #expect(used == volumes)
    }

    @Test func mountsFoldersOfTheRepositoryReadOnly() throws {
        for service in compose.services {
            for entry in service.strings("volumes") where entry.hasPrefix("./") {
                #expect(entry.hasSuffix(":ro"), "\(entry) can be written to")
                let folder = String(entry.dropFirst(2).prefix { $0 != ":" })
                #expect(Repository.has(folder), "\(service.name) mounts \(folder), which is not there")
            }
        }
    }

    @Test func commandsAreProgramsOfTheImageWithFlagsTheyHave() throws {
        let image = try Dockerfile()
        for service in compose.services where service.node["build"] != nil {
            let program = try #require(service.command.first)
            #expect(image.programs.contains(program))
            let folders = ["Sources/" + program, "Sources/Application"]
            let source = try folders.flatMap(Repository.swiftFiles).map(Repository.text).joined()
            for flag in service.command.dropFirst() where flag.hasPrefix("--") {
                let name = flag.dropFirst(2)
                #expect(source.contains("var \(name)"), "\(program) has no \(flag)")
            }
        }
    }

    @Test func addressesAgree() throws {
        let kafka = try #require(compose.service("kafka"))
        let worker = try #require(compose.service("worker"))
        let registry = try #require(compose.service("registry"))
        let advertised = try #require(kafka.environment["KAFKA_ADVERTISED_LISTENERS"])
        let brokers = try #require(value(of: "--brokers", in: worker))
        #expect(advertised.split(separator: ",").contains("INTERNAL://\(brokers)"))
        #expect(advertised.contains("HOST://localhost:9092"))
        #expect(kafka.ports.contains { $0.container == 9092 })
        for listener in ["CONTROLLER", "INTERNAL", "HOST"] {
            #expect(kafka.environment["KAFKA_LISTENERS"]?.contains("\(listener)://:") == true)
            #expect(kafka.environment["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"]?.contains("\(listener):") == true)
        }
        for (service, address) in [
            (worker, worker.environment["BUSBAR_HTTP"]), (registry, value(of: "--listen", in: registry)),
        ] {
            let port = try #require(address.flatMap(port))
            #expect(service.healthcheck.prefix(3) == ["CMD", "busbar-healthcheck", String(port)])
            #expect(service.ports.contains { $0.container == port })
        }
        let webhooks = try #require(worker.environment["GITHUB_LISTEN"].flatMap(port))
        #expect(worker.ports.contains { $0.container == webhooks })
    }

    @Test func healthChecksAskForPathsThatAreServed() throws {
        let admin = try Repository.text("Sources/Worker/Admin/AdminRoutes.swift")
        let worker = try #require(compose.service("worker")?.healthcheck.last)
        #expect(worker == "/readyz")
        #expect(admin.contains("\"\(worker)\""))
        let registry = try #require(compose.service("registry")?.healthcheck.last)
        let resource = try Repository.text("Sources/Registry/Server/RegistryResource.swift")
        #expect(resource.contains("\"\(registry.dropFirst())\""))
    }

    @Test func nothingIsPublishedBeyondThisMachineByDefault() {
        for service in compose.services {
            for port in service.ports {
                #expect(port.host.hasPrefix("127.0.0.1:") || port.host.contains(":-127.0.0.1:"), "\(port)")
            }
        }
    }

    @Test func connectorsGetTheVariablesAndSecretsTheyName() throws {
        let worker = try #require(compose.service("worker"))
        let files = try FileManager.default.contentsOfDirectory(
            atPath: Repository.root.appending(path: "connectors").path
        ).filter { $0.hasSuffix(".yaml") }
        #expect(!files.isEmpty)
        for file in files {
            let text = try Repository.text("connectors/" + file)
            for match in text.matches(of: /\$\{(env|secret):([^}:]+)/) {
                let name = String(match.2)
                let isGiven =
                    match.1 == "env"
                    ? worker.environment.keys.contains(name) : worker.strings("secrets").contains(name)
                #expect(isGiven, "\(file) asks for \(match.0)}, which the worker does not get")
            }
        }
        #expect(worker.environment["BUSBAR_SECRETS"] == "/run/secrets")
    }

    @Test func secretsAreFilesThatAreNeverCommitted() throws {
        let ignored = try Repository.text("deploy/secrets/.gitignore").split(separator: "\n")
        #expect(ignored.contains("*"))
        for (_, secret) in compose.root["secrets"]?.mapping ?? [:] {
            #expect(secret["file"]?.string?.hasPrefix("./deploy/secrets/") == true)
        }
        #expect(try Repository.text(".gitignore").split(separator: "\n").contains(".env"))
    }

    @Test func exampleSettingsAreTheVariablesOfTheFile() throws {
        let example = try Repository.text("deploy/example.env")
        let described = Set(example.matches(of: /(?m)^#?([A-Z_]+)=/).map { String($0.1) })
        #expect(described == compose.variables)
    }

    private func value(of flag: String, in service: ComposeFile.Service) -> String? {
        guard let index = service.command.firstIndex(of: flag), index + 1 < service.command.count else { return nil }
        return service.command[index + 1]
    }

    private func port(_ address: String) -> Int? {
        address.split(separator: ":").last.flatMap { Int($0) }
    }
}
