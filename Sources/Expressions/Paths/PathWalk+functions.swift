extension PathWalk {
    /// Give back their input, or some of its elements in another order or number.
    private static let passing: Set<String> = [
        "sort", "unique", "reverse", "values", "strings", "objects", "arrays", "scalars", "nulls", "numbers",
        "booleans", "iterables", "flatten",
    ]
    /// Look at members that the program does not name.
    private static let searching: Set<String> = [
        "getpath", "setpath", "delpaths", "path", "paths", "leaf_paths", "walk", "recurse", "recurse_down", "tostream",
        "fromstream", "truncate_stream", "with_entries", "from_entries", "map_values", "combinations",
        "transpose", "INDEX", "IN", "JOIN",
    ]

    /// A keyword or function whose name has been taken.
    mutating func call(_ name: String, _ input: [Shape]) throws(Lost) -> [Shape] {
        switch name {
        case "if": return try condition(input)
        case "try": return try attempt(input)
        case "reduce", "foreach": return try fold(input)
        case "label":
            try expect("$")
            _ = try expectWord()
            try expect("|")
            return try pipe(input)
        case "break":
            try expect("$")
            _ = try expectWord()
            return []
        case "def", "then", "elif", "else", "end", "as", "catch", "and", "or", "__loc__": throw Lost()
        default: return try function(name, input)
        }
    }

    private mutating func condition(_ input: [Shape]) throws(Lost) -> [Shape] {
        _ = try pipe(input)
        try expect("then", .word)
        var outputs = try pipe(input)
        if take("elif", .word) {
            outputs += try condition(input)
        } else {
            outputs += take("else", .word) ? try pipe(input) : input
            try expect("end", .word)
        }
        return distinct(outputs)
    }

    private mutating func attempt(_ input: [Shape]) throws(Lost) -> [Shape] {
        let outputs = try postfix(input)
        guard take("catch", .word) else { return outputs }
        return distinct(outputs + (try postfix([.other])))
    }

    /// `reduce a as $x (start; update)`, `foreach a as $x (start; update; extract)`.
    private mutating func fold(_ input: [Shape]) throws(Lost) -> [Shape] {
        try scoped { walk throws(Lost) in
            // `as` would be taken for the one of a term.
            let source = try walk.sourceOfFold(input)
            try walk.pattern(source, input)
            try walk.expect("(")
            let start = try walk.pipe(input)
            var last = start
            while walk.take(";") { last = try walk.pipe(walk.distinct(start + last)) }
            try walk.expect(")")
            // What has gone through an update any number of times is not known.
            if start == last { return start }
            walk.isComplete = false
            return [.other]
        }
    }

    private mutating func sourceOfFold(_ input: [Shape]) throws(Lost) -> [Shape] {
        isInFold = true
        defer { isInFold = false }
        let source = try postfix(input)
        try expect("as", .word)
        return source
    }

    // MARK: Functions

    private mutating func function(_ name: String, _ input: [Shape]) throws(Lost) -> [Shape] {
        switch (name, isNext("(")) {
        case ("empty", false), ("error", _):
            try skipArguments(input)
            return []
        case ("first", false), ("last", false), ("min", false), ("max", false), ("add", false):
            return elements(of: input)
        case ("to_entries", false):
            isComplete = false
            let entry = Shape.object(
                [.init(name: "key", values: [.other]), .init(name: "value", values: elements(of: input))],
                rest: nil
            )
            return [.array([entry])]
        case (_, false):
            if Self.passing.contains(name) { return input }
            if Self.searching.contains(name) { isComplete = false }
            return [.other]
        case ("map", true), ("any", true), ("all", true), ("sort_by", true), ("group_by", true), ("unique_by", true),
            ("min_by", true), ("max_by", true):
            return try overElements(name, input)
        case ("has", true): return try has(input)
        default: return try general(name, input)
        }
    }

    private mutating func elements(of input: [Shape]) -> [Shape] {
        guard position > 0 else { return [.other] }
        return step(.element, of: input, at: token(before: position))
    }

    /// Functions whose argument sees each element.
    private mutating func overElements(_ name: String, _ input: [Shape]) throws(Lost) -> [Shape] {
        // `any(generator; condition)`: the condition sees what the generator gives.
        let hasGenerator = hasSecondArgument
        var elements = hasGenerator ? [] : self.elements(of: input)
        try expect("(")
        if hasGenerator {
            elements = try pipe(input)
            try expect(";")
        }
        let outputs = try pipe(elements)
        try expect(")")
        switch name {
        case "map": return [.array(outputs)]
        case "sort_by", "unique_by": return input
        case "group_by": return [.array(input)]
        case "min_by", "max_by": return elements
        default: return [.other]
        }
    }

    private mutating func has(_ input: [Shape]) throws(Lost) -> [Shape] {
        let start = position
        try expect("(")
        if let token = next, token.kind == .string, let name = try takeString(input), take(")") {
            _ = step(.member(name), of: input, at: token)
            return [.other]
        }
        rewind(to: start)
        try skipArguments(input)
        isComplete = false
        return [.other]
    }

    /// Any other function with arguments: each may see the input.
    private mutating func general(_ name: String, _ input: [Shape]) throws(Lost) -> [Shape] {
        if !JQLibrary.names.contains(name) || Self.searching.contains(name) { isComplete = false }
        try expect("(")
        var outputs: [[Shape]] = []
        repeat { outputs.append(try pipe(input)) } while take(";")
        try expect(")")
        switch name {
        case "select", "del": return input
        case "first", "last", "limit", "nth": return outputs.last ?? [.other]
        case "isempty": return [.other]
        default:
            if ["until", "while", "repeat"].contains(name) { isComplete = false }
            return [.other]
        }
    }

    private mutating func skipArguments(_ input: [Shape]) throws(Lost) {
        guard take("(") else { return }
        repeat { _ = try pipe(input) } while take(";")
        try expect(")")
    }
}
