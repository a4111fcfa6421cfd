extension PathWalk {
    private static let assignments: Set<String> = ["=", "|=", "+=", "-=", "*=", "/=", "%=", "//="]
    private static let comparisons: Set<String> = ["==", "!=", "<", "<=", ">", ">="]

    /// `a | b`, `def f: …; a`, `term as $x | b`: the lowest level.
    mutating func pipe(_ input: [Shape]) throws(Lost) -> [Shape] {
        try nested { walk throws(Lost) in
            if walk.take("def", .word) {
                try walk.skipDefinition()
                return try walk.pipe(input)
            }
            let left = try walk.comma(input)
            if walk.take("|") { return try walk.pipe(left) }
            return left
        }
    }

    /// A function of the program's own: its text is passed over, so what it reads is not known.
    private mutating func skipDefinition() throws(Lost) {
        isComplete = false
        var open = 1
        var brackets = 0
        while open > 0, let token = next {
            advance()
            switch (token.kind, token.text) {
            case (.word, "def") where !token.isInBraces: open += 1
            case (.symbol, "("), (.symbol, "["), (.symbol, "{"), (.symbol, "\\("): brackets += 1
            case (.symbol, ")"), (.symbol, "]"), (.symbol, "}"): brackets -= 1
            case (.symbol, ";") where brackets == 0: open -= 1
            default: break
            }
        }
        if open > 0 { throw Lost() }
    }

    private mutating func comma(_ input: [Shape]) throws(Lost) -> [Shape] {
        var outputs = try alternative(input)
        while take(",") { outputs += try alternative(input) }
        return distinct(outputs)
    }

    /// `a // b`.
    mutating func alternative(_ input: [Shape]) throws(Lost) -> [Shape] {
        let left = try assignment(input)
        guard take("//") else { return left }
        return distinct(left + (try alternative(input)))
    }

    /// `.a = b` and its like give their input with another value at `.a`.
    private mutating func assignment(_ input: [Shape]) throws(Lost) -> [Shape] {
        let start = position
        let left = try logical(input)
        let path = members(from: start)
        guard let token = next, token.kind == .symbol, Self.assignments.contains(token.text) else { return left }
        advance()
        let right = try logical(token.text == "|=" ? left : input)
        guard let path else {
            isComplete = false
            return input
        }
        let value = token.text == "=" || token.text == "|=" ? right : [.other]
        return input.map { $0.setting(path[...], to: value) }
    }

    /// `or`, `and`, comparisons: Booleans.
    private mutating func logical(_ input: [Shape]) throws(Lost) -> [Shape] {
        var value = try comparison(input)
        while take("or", .word) || take("and", .word) {
            _ = try comparison(input)
            value = [.other]
        }
        return value
    }

    private mutating func comparison(_ input: [Shape]) throws(Lost) -> [Shape] {
        let left = try sum(input)
        guard let token = next, token.kind == .symbol, Self.comparisons.contains(token.text) else { return left }
        advance()
        _ = try sum(input)
        return [.other]
    }

    private mutating func sum(_ input: [Shape]) throws(Lost) -> [Shape] {
        var left = try product(input)
        while let token = next, token.kind == .symbol, token.text == "+" || token.text == "-" {
            advance()
            let right = try product(input)
            left = token.text == "+" ? merged(left, right) : left
        }
        return left
    }

    private mutating func product(_ input: [Shape]) throws(Lost) -> [Shape] {
        var left = try postfix(input)
        while let token = next, token.kind == .symbol, ["*", "/", "%"].contains(token.text) {
            advance()
            let right = try postfix(input)
            left = token.text == "*" ? merged(left, right) : [.other]
        }
        return left
    }

    private mutating func merged(_ left: [Shape], _ right: [Shape]) -> [Shape] {
        var results: [Shape] = []
        for first in left {
            for second in right {
                if let merged = Shape.merged(first, second) {
                    results.append(merged)
                } else {
                    if first.isObject || second.isObject { isComplete = false }
                    results.append(.other)
                }
            }
        }
        return distinct(results)
    }
}
