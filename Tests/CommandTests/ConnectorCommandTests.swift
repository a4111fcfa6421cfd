import Testing

@Suite(.enabled(if: Command.isBuilt, Command.absence), .timeLimit(.minutes(2)))
struct ConnectorCommandTests {
    @Test func theListNamesEverySourceAndSink() async throws {
        try await Command.inFolder { busbar in
            let result = try await busbar.run("connector", "list")
            let names = result.output.split(separator: "\n").map {
                $0.split(separator: " ").prefix(2).joined(separator: " ")
            }
            #expect(
                names == [
                    "source file", "source kafka", "source mirror", "source webhook", "sink file", "sink http",
                    "sink kafka", "sink mirror",
                ]
            )
            let json = try await busbar.run("connector", "list", "--json")
            #expect(json.output.hasPrefix(#"{"v":1,"role":"source","name":"file","summary":""#))
        }
    }

    @Test func docsAreAPageForEachRole() async throws {
        try await Command.inFolder { busbar in
            let kafka = try await busbar.run("connector", "docs", "kafka")
            #expect(kafka.output.hasPrefix("# Source `kafka`\n\n"))
            #expect(kafka.output.contains("\n# Sink `kafka`\n\n"))
            let file = try await busbar.run("connector", "docs")
            #expect(file.output.hasPrefix("# Connector file\n\n## Keys\n\n- `connector` (text, required): "))
            let schema = try await busbar.run("connector", "docs", "--schema")
            #expect(schema.output.hasPrefix("{\n  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n"))
            let unknown = try await busbar.run("connector", "docs", "kafak")
            #expect(unknown.errors == "busbar: there is no source or sink `kafak`; did you mean `kafka`?\n")
            #expect(unknown.status == 64)
        }
    }

    /// A mirror's sink needs a mirror's source.
    private static let pairs =
        [("mirror", "mirror")]
        + ["file", "kafka", "mirror", "webhook"].flatMap { source in
            ["file", "http", "kafka"].map { (source, $0) }
        }

    @Test(arguments: pairs)
    func aNewConnectorLintsCleanAndPassesItsTest(_ source: String, _ sink: String) async throws {
        try await Command.inFolder { busbar in
            let new = try await busbar.run("connector", "new", "--from", source, "--to", sink, "orders")
            #expect(new.output.hasPrefix("connector: orders\n"))
            try await Command.inFolder(["new.yaml": new.output]) { busbar in
                let lint = try await busbar.run("lint", "new.yaml")
                #expect(lint.output == "")
                #expect(lint.status == 0)
                let test = try await busbar.run("test", "new.yaml")
                #expect(test.output == "ok    orders: an event is delivered\n")
            }
        }
    }

    @Test(arguments: [
        (["--from", "kafak", "--to", "http"], "busbar: there is no source `kafak`; did you mean `kafka`?\n"),
        (
            ["--from", "kafka", "--to", "smtp"],
            "busbar: there is no sink `smtp`; there are file, http, kafka, mirror, webhook\n"
        ),
        (
            ["--from", "kafka", "--to", "http", "A b"],
            "busbar: `A b` is no name of a connector; use 1 to 63 of a-z, 0-9 and -\n"
        ),
    ])
    func whatCannotBeMadeIsSaid(_ arguments: [String], _ errors: String) async throws {
        try await Command.inFolder { busbar in
            let result = try await busbar.start(["connector", "new"] + arguments).result()
            #expect(result.errors == errors)
            #expect(result.status == 64)
        }
    }

    @Test func descriptionsHaveDefaultsAndNoSecrets() async throws {
        let file = """
            connector: hook
            owner: shop
            from: { webhook: { path: /in, profile: github, secret: "${secret:hook}", previous_secret: hunter2 } }
            to: { kafka: { topic: events } }
            """
        try await Command.inFolder(["hook.yaml": file]) { busbar in
            let yaml = try await busbar.run("connector", "describe", "hook.yaml")
            #expect(yaml.output.hasPrefix("connector: \"hook\"\nowner: \"shop\"\nfrom:\n  webhook:\n    listen: "))
            #expect(yaml.output.contains("\n    secret: \"***\"\n    previous_secret: \"***\"\n"))
            #expect(yaml.output.contains("\ndelivery:\n  order: \"key\"\n  in_flight: 64\n  retry:\n    attempts: 8\n"))
            let json = try await busbar.run("connector", "describe", "hook.yaml", "--json")
            #expect(
                json.output.hasPrefix(#"{"v":1,"file":"hook.yaml","connector":{"connector":"hook","owner":"shop","#)
            )
            #expect(!(yaml.output + json.output + yaml.errors + json.errors).contains("hunter2"))
        }
    }

    @Test func aWorkerDoesNotStartOnFilesWithErrors() async throws {
        let file = "connector: a\nowner: b\nfrom: { kafka: { topic: a } }\nto: { http: { url: \"${env:SHOP_URL}\" } }\n"
        try await Command.inFolder(["a.yaml": file]) { busbar in
            let result = try await busbar.run("run", "a.yaml")
            #expect(result.errors.hasPrefix("busbar: the worker cannot start\na.yaml:4:20: error: `${env:SHOP_URL}`"))
            #expect(result.output == "")
            #expect(result.status == 78)
        }
    }
}
