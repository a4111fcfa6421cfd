import JSON

extension Validation {
    /// One walk over the members: each name is looked up once, most often at the place after the previous one.
    mutating func members(_ planNumber: Int32, _ number: Int32, _ value: JSONValue, _ region: Int) -> Bool {
        let plan = program.plans[planNumber]
        let address = unsafe program.plans.address(planNumber)
        var isValid = true
        var seen: UInt64 = 0
        var guess = plan.firstProperty
        var ordinal = 0
        let seenBeyond = openSeen(plan)
        defer { if seenBeyond >= 0 { scratch.evaluated.removeLast(Int(plan.requiredCount)) } }
        for (key, member) in value.members {
            let found = unsafe find(key, address, guess)
            if found >= 0 {
                guess = found + 1
                let required = program.properties[found].required
                if required >= 64 {
                    scratch.evaluated[seenBeyond + Int(required)] = 1
                } else if required >= 0 {
                    seen |= 1 << UInt64(required)
                }
            }
            if !checkMember(plan, number, found, key, member, region < 0 ? -1 : region + ordinal) {
                guard let collector, !collector.isFull, abort == nil else { return false }
                isValid = false
            }
            ordinal += 1
        }
        guard plan.requiredCount > 0 else { return isValid }
        return hasRequired(plan, number, seen, seenBeyond) && isValid
    }

    /// Where to note which required names were seen when 64 bits do not hold them all, -1 when they do: on the stack of
    /// regions, so that time does not grow with members times required names.
    private mutating func openSeen(_ plan: MemberPlan) -> Int {
        guard plan.requiredCount > 64 else { return -1 }
        let start = scratch.evaluated.count
        for _ in 0..<plan.requiredCount { scratch.evaluated.append(0) }
        return start
    }

    private mutating func checkMember(
        _ plan: MemberPlan,
        _ number: Int32,
        _ found: Int32,
        _ key: JSONKey,
        _ member: JSONValue,
        _ markAt: Int
    ) -> Bool {
        var isValid = true
        var isKnown = false
        if found >= 0, program.properties[found].node >= 0 {
            isKnown = true
            isValid = applyToMember(program.properties[found].node, key, member)
        }
        for offset in 0..<plan.patternCount {
            guard isValid || collector != nil else { return false }
            let candidate = program.patternNodes[plan.firstPattern + offset]
            if matches(candidate.pattern, key.value, number) {
                isKnown = true
                if !applyToMember(candidate.node, key, member) { isValid = false }
            }
        }
        if !isKnown, plan.additional.node >= 0 {
            isKnown = true
            isValid = applyToMember(plan.additional.node, key, member)
        }
        if isKnown, markAt >= 0 { scratch.evaluated[markAt] = 1 }
        return isValid && abort == nil
    }

    private mutating func hasRequired(
        _ plan: MemberPlan,
        _ number: Int32,
        _ seen: UInt64,
        _ seenBeyond: Int
    ) -> Bool {
        let expected = plan.requiredCount >= 64 ? UInt64.max : (1 << UInt64(plan.requiredCount)) - 1
        if seen == expected, plan.requiredCount <= 64 { return true }
        var isValid = true
        for index in plan.firstProperty..<plan.firstProperty + plan.propertyCount {
            let property = program.properties[index]
            guard property.required >= 0 else { continue }
            let isThere =
                property.required < 64
                ? seen >> UInt64(property.required) & 1 == 1
                : scratch.evaluated[seenBeyond + Int(property.required)] != 0
            if isThere { continue }
            isValid = false
            guard collector != nil else { return false }
            reportMissing(property, number)
        }
        return isValid
    }

    /// The index of a name among the properties of a plan, -1 when it is not there. Tries the guess first.
    @inline(always)
    mutating func find(_ key: JSONKey, _ plan: UnsafePointer<MemberPlan>, _ guess: Int32) -> Int32 {
        if key.isEscaped { return unsafe findEscaped(key.value, plan) }
        return unsafe program.find(key.content, plan, guess)
    }

    @inline(never)
    private mutating func findEscaped(_ name: JSONValue, _ plan: UnsafePointer<MemberPlan>) -> Int32 {
        unsafe withText(of: name) { unsafe program.find($0, plan, plan.pointee.firstProperty) }
    }

    // MARK: Text

    /// Whether a pattern is found in a string. What cannot be decided within the bounds ends the run.
    mutating func matches(_ pattern: Int32, _ text: JSONValue, _ number: Int32) -> Bool {
        let shape = program.patternShapes[pattern]
        if !text.isEscaped, let found = unsafe shape.matches(text.content, program.shapeParts) { return found }
        let code = unsafe program.patternCodes[pattern]
        let outcome = unsafe withText(of: text) { unsafe scratch.matcher.match(code, $0) }
        if outcome == .undecided { give(up: .pattern, at: number) }
        return outcome == .matched
    }

    /// Lends the UTF-8 of a string with its escapes resolved.
    func withText<R>(of value: JSONValue, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        guard value.isEscaped else { return unsafe body(value.content) }
        scratch.text.removeAll(keepingCapacity: true)
        value.appendString(to: &scratch.text)
        return unsafe scratch.text.withUnsafeBufferPointer(body)
    }
}
