import Foundation
import Testing

@Suite struct DockerfileTests {
    private let file: Dockerfile
    private let builder: Dockerfile.Stage
    private let runtime: Dockerfile.Stage

    init() throws {
        file = try Dockerfile()
        builder = try #require(file.stages.first)
        runtime = try #require(file.stages.last)
    }

    @Test func buildsWithSwiftAndRunsWithoutIt() {
        #expect(file.stages.count == 2)
        #expect(builder.base == "swift:6.3-bookworm AS builder")
        #expect(runtime.base == "debian:bookworm-slim")
        let build = builder.arguments(of: "RUN").first { $0.contains("swift build") }
        #expect(build?.contains("--configuration release --static-swift-stdlib --product") == true)
    }

    @Test func programsAreExecutablesOfTheManifest() throws {
        let manifest = try Repository.text("Package.swift")
        #expect(file.programs == ["busbar", "busbar-worker", "busbar-registry", "busbar-broker"])
        for program in file.programs {
            let declaration = try Regex(#"\.executableTarget\(\s*name: "\#(program)""#)
            #expect(manifest.contains(declaration), "Package.swift has no executable \(program)")
        }
    }

    @Test func buildsWithThePackagesOfTheSetUp() throws {
        let setUp = try Repository.text("scripts/setup.sh")
        let packages = try #require(setUp.firstMatch(of: /packages=\(([^)]+)\)/)).1
            .split(whereSeparator: \.isWhitespace).map(String.init)
        #expect(builder.packages == Set(packages))
    }

    /// Debian's names of the libraries behind the development packages.
    @Test func hasTheLibraryOfEveryPackageItWasBuiltWith() {
        let libraries = [
            "librdkafka-dev": "librdkafka1", "libjq-dev": "libjq1", "libsqlite3-dev": "libsqlite3-0",
            "libpcre2-dev": "libpcre2-8-0", "zlib1g-dev": "zlib1g", "liblz4-dev": "liblz4-1", "libzstd-dev": "libzstd1",
            "libsnappy-dev": "libsnappy1v5", "libidn2-dev": "libidn2-0",
        ]
        for package in builder.packages where package.hasSuffix("-dev") {
            #expect(libraries[package].map(runtime.packages.contains) == true, "nothing stands for \(package)")
        }
        #expect(runtime.packages.isSuperset(of: ["ca-certificates", "libstdc++6"]))
    }

    @Test func copiesOnlyWhatTheContextHas() throws {
        let kept = Set(
            try Repository.text(".dockerignore").split(separator: "\n").filter { $0.hasPrefix("!") }
                .map { String($0.dropFirst()) }
        )
        let local = file.stages.flatMap { $0.arguments(of: "COPY") }.filter { !$0.contains("--from=") }
        #expect(local.count >= 4)
        for arguments in local {
            let paths = arguments.split(separator: " ").filter { !$0.hasPrefix("--") }.map(String.init)
            for source in paths.dropLast() {
                #expect(kept.contains(source), ".dockerignore leaves out \(source)")
                #expect(Repository.has(source))
            }
        }
    }

    @Test func runsAsAnOrdinaryUser() throws {
        let user = try #require(runtime.arguments(of: "USER").last)
        #expect(user != "root" && user != "0")
        #expect(
            runtime.arguments(of: "RUN").contains {
                $0.contains("useradd") && $0.hasSuffix(" /var/lib/busbar /etc/busbar")
            }
        )
        #expect(runtime.arguments(of: "VOLUME") == ["/var/lib/busbar"])
    }

    @Test func itsSettingsAndHealthCheckAgree() throws {
        let environment = runtime.arguments(of: "ENV").joined(separator: " ")
        #expect(environment.contains("BUSBAR_HTTP=0.0.0.0:8080"))
        #expect(environment.contains("BUSBAR_STATE=/var/lib/busbar/"))
        let check = try #require(runtime.arguments(of: "HEALTHCHECK").first)
        #expect(check.hasSuffix(#"CMD ["busbar-healthcheck", "8080", "/healthz"]"#))
        let fields = try Repository.text("Sources/ConnectorKit/Definition/WorkerFields.swift")
        let used = (environment + (try Repository.text("docker-compose.yml"))).matches(of: /BUSBAR_([A-Z_]+)/)
        for match in used {
            let key = match.1.lowercased().split(separator: "_").last.map(String.init) ?? ""
            #expect(fields.contains("\"\(key)\""), "no setting is called \(match.0)")
        }
        #expect(
            FileManager.default.isExecutableFile(
                atPath: Repository.root.appending(path: "deploy/busbar-healthcheck").path
            )
        )
    }
}
