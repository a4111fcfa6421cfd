extension PathWalk {
    /// A term with what follows it: `.name`, `[…]`, `?`, `as $x | …`.
    mutating func postfix(_ input: [Shape]) throws(Lost) -> [Shape] {
        if take("-") {
            _ = try postfix(input)
            return [.other]
        }
        var value = try term(input)
        while let token = next {
            if token.kind == .field {
                advance()
                value = step(.member(String(token.text.dropFirst())), of: value, at: token)
            } else if take(".") {
                if next?.kind == .string {
                    value = try stringMember(of: value, input, at: token)
                } else if !isNext("[") {
                    throw Lost()
                }
            } else if isNext("[") {
                value = try index(of: value, input)
            } else if !take("?") {
                break
            }
        }
        guard !isInFold, take("as", .word) else { return value }
        return try scoped { walk throws(Lost) in
            try walk.pattern(value, input)
            if walk.isNext("?//") { throw Lost() }
            try walk.expect("|")
            return try walk.pipe(input)
        }
    }

    private mutating func term(_ input: [Shape]) throws(Lost) -> [Shape] {
        guard let token = next else { throw Lost() }
        switch token.kind {
        case .number:
            advance()
            return [.other]
        case .string:
            _ = try takeString(input)
            return [.other]
        case .format:
            advance()
            if next?.kind == .string { _ = try takeString(input) }
            return [.other]
        case .field:
            advance()
            return step(.member(String(token.text.dropFirst())), of: input, at: token)
        case .word:
            advance()
            return try call(token.text, input)
        case .symbol:
            advance()
            return try symbol(token, input)
        }
    }

    private mutating func symbol(_ token: Token, _ input: [Shape]) throws(Lost) -> [Shape] {
        switch token.text {
        case ".":
            if next?.kind == .string { return try stringMember(of: input, input, at: token) }
            return input
        case "..":
            isComplete = false
            return [.other]
        case "$":
            let name = try expectWord()
            return variables[name] ?? [.other]
        case "(":
            let value = try pipe(input)
            try expect(")")
            return value
        case "[":
            if take("]") { return [.array([])] }
            let elements = try pipe(input)
            try expect("]")
            return [.array(elements)]
        case "{": return [try object(input)]
        default: throw Lost()
        }
    }

    private mutating func stringMember(of value: [Shape], _ input: [Shape], at token: Token) throws(Lost) -> [Shape] {
        guard let name = try takeString(input) else {
            isComplete = false
            return [.other]
        }
        return step(.member(name), of: value, at: token)
    }

    /// `[]`, `["name"]`, `[0]`, `[1:2]`, `[expression]`.
    private mutating func index(of value: [Shape], _ input: [Shape]) throws(Lost) -> [Shape] {
        guard let token = next else { throw Lost() }
        try expect("[")
        if take("]") { return step(.element, of: value, at: token) }
        let start = position
        if next?.kind == .string, let name = try takeString(input), take("]") {
            return step(.member(name), of: value, at: token)
        }
        rewind(to: start)
        let isNumber = next?.kind == .number
        if take(":") {
            _ = try pipe(input)
            try expect("]")
            return value
        }
        _ = try pipe(input)
        if take(":") {
            if !isNext("]") { _ = try pipe(input) }
            try expect("]")
            return value
        }
        try expect("]")
        if !isNumber { isComplete = false }
        return step(.element, of: value, at: token)
    }

    // MARK: Objects

    private mutating func object(_ input: [Shape]) throws(Lost) -> Shape {
        var members: [ProgramPaths.Member] = []
        while !take("}") {
            if let member = try member(input) { members.append(member) }
            if !isNext("}") { try expect(",") }
        }
        return .object(members, rest: nil)
    }

    /// One member; nil when its name is computed.
    private mutating func member(_ input: [Shape]) throws(Lost) -> ProgramPaths.Member? {
        guard let token = next else { throw Lost() }
        var name: String?
        var short: [Shape] = [.other]
        if take("$") {
            let variable = try expectWord()
            name = variable
            short = variables[variable] ?? [.other]
        } else if take("(") {
            _ = try pipe(input)
            try expect(")")
        } else if token.kind == .string {
            name = try takeString(input)
            if let name, !isNext(":") { short = step(.member(name), of: input, at: token) }
        } else if token.kind == .word {
            advance()
            name = token.text
            if !isNext(":") { short = step(.member(token.text), of: input, at: token) }
        } else if token.kind == .format {
            advance()
            if next?.kind == .string { _ = try takeString(input) }
        } else {
            throw Lost()
        }
        var values = short
        if take(":") {
            values = try alternative(input)
            while take("|") { values = try alternative(values) }
        }
        guard let name else {
            isComplete = false
            return nil
        }
        return ProgramPaths.Member(name: name, values: values)
    }

    // MARK: Patterns

    /// `$x`, `[$x, …]`, `{name: $x, $y, …}` after `as`.
    mutating func pattern(_ value: [Shape], _ input: [Shape]) throws(Lost) {
        try nested { walk throws(Lost) in
            guard let token = walk.next else { throw Lost() }
            if walk.take("$") {
                walk.variables[try walk.expectWord()] = value
            } else if walk.take("[") {
                let element = walk.step(.element, of: value, at: token)
                repeat { try walk.pattern(element, input) } while walk.take(",")
                try walk.expect("]")
            } else {
                try walk.expect("{")
                repeat { try walk.memberPattern(value, input) } while walk.take(",")
                try walk.expect("}")
            }
        }
    }

    private mutating func memberPattern(_ value: [Shape], _ input: [Shape]) throws(Lost) {
        guard let token = next else { throw Lost() }
        var inner: [Shape] = [.other]
        if take("$") {
            let name = try expectWord()
            inner = step(.member(name), of: value, at: token)
            variables[name] = inner
            if !isNext(":") { return }
        } else if take("(") {
            _ = try pipe(input)
            try expect(")")
            isComplete = false
        } else if token.kind == .string {
            guard let name = try takeString(input) else { throw Lost() }
            inner = step(.member(name), of: value, at: token)
        } else {
            inner = step(.member(try expectWord()), of: value, at: token)
        }
        try expect(":")
        try pattern(inner, input)
    }
}
