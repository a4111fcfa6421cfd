import Testing

/// `docs/exit-codes.md` is written by hand; these tests hold it against the code and the help texts.
@Suite struct ExitCodesPageTests {
    private static let programs = ["busbar", "busbar-bench", "busbar-broker", "busbar-registry", "busbar-worker"]

    /// Codes of the page's table.
    private static func documented() throws -> Set<Int> {
        Set(try Repository.text("docs/exit-codes.md").matches(of: /\n\| (\d+) \|/).compactMap { Int($0.1) })
    }

    @Test(arguments: programs) func everyCodeInTheSourcesIsOnThePage(program: String) throws {
        let documented = try Self.documented()
        for file in try Repository.swiftFiles(in: "Sources/" + program) {
            for match in try Repository.text(file).matches(of: /(?:ExitCode|exit)\((?:rawValue: )?(\d+)\)/) {
                let code = try #require(Int(match.1))
                #expect(documented.contains(code), "\(file) exits with \(code), which docs/exit-codes.md does not have")
            }
        }
    }

    @Test(arguments: programs) func everyCodeInTheHelpTextsIsOnThePage(program: String) throws {
        let documented = try Self.documented()
        for file in try Repository.swiftFiles(in: "Sources/" + program) {
            for help in try Repository.text(file).matches(of: /Exit codes: ([^.]+)\./) {
                for entry in help.1.matches(of: #/(?:^|, )(\d+) /#) {
                    let code = try #require(Int(entry.1))
                    #expect(
                        documented.contains(code),
                        "\(file) speaks of \(code), which docs/exit-codes.md does not have"
                    )
                }
            }
        }
    }

    @Test(arguments: ["busbar-broker", "busbar-registry", "busbar-worker"])
    func programsThatRunForLongSayTheirCodesInTheirHelp(program: String) throws {
        let texts = try Repository.swiftFiles(in: "Sources/" + program).map(Repository.text)
        #expect(texts.contains { $0.contains("Exit codes: 0 stopped as asked, 1 failed, 64 usage, 78 configuration.") })
    }

    @Test func thePageHasTheCodesOfTheDesignAndNoOther() throws {
        #expect(try Self.documented() == [0, 1, 2, 64, 78])
    }
}
