/// `deploy/Dockerfile`: instructions with their continuation lines joined, comments left out.
struct Dockerfile {
    struct Stage {
        let base: String
        var instructions: [(name: String, arguments: String)] = []

        func arguments(of name: String) -> [String] { instructions.filter { $0.name == name }.map(\.arguments) }
        /// What `apt-get install` names.
        var packages: Set<String> {
            var words: [Substring] = []
            for command in arguments(of: "RUN").joined(separator: "&&").split(separator: "&&")
            where command.contains("apt-get install") {
                words += command.split(separator: " ")
            }
            return Set(words.filter { !$0.hasPrefix("-") && !["apt-get", "install"].contains($0) }.map(String.init))
        }
    }

    let stages: [Stage]

    init() throws {
        let lines = try Repository.text("deploy/Dockerfile").split(separator: "\n").filter { !$0.hasPrefix("#") }
        let text = lines.joined(separator: "\n").replacing(/\\\n\s*/, with: " ")
        var stages: [Stage] = []
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { continue }
            if parts[0] == "FROM" { stages.append(Stage(base: parts[1])) }
            if !stages.isEmpty { stages[stages.count - 1].instructions.append((parts[0], parts[1])) }
        }
        self.stages = stages
    }

    /// The programs of the runtime image: those that the builder builds.
    var programs: Set<String> {
        let loops = stages.first?.arguments(of: "RUN").flatMap { $0.matches(of: /for program in ([a-z -]+);/) } ?? []
        return Set(loops.flatMap { $0.1.split(separator: " ").map(String.init) })
    }
}
