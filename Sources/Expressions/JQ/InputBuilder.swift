internal import CJQ
internal import JSON

/// Builds libjq's input from a parsed record, straight from the tape.
struct InputBuilder {
    let limits: ExpressionLimits
    /// What stands for numbers by their literal; nil while none is known to need that.
    var standIns: [String: Double]?
    /// A number came by that a double cannot hold exactly; the value built is then not to be used.
    private(set) var metInexact = false

    init(limits: ExpressionLimits, standIns: [String: Double]? = nil) {
        self.limits = limits
        self.standIns = standIns
    }

    /// The input for a machine: the payload, or an array of it and the bindings that the program uses.
    /// The caller owns the result.
    mutating func input(
        _ payload: JSONValue,
        _ bindings: Bindings,
        _ used: [MachineText.Binding],
        tokens: [(text: String, literal: String)] = []
    ) throws(ExpressionError) -> jv {
        let value = try unsafe value(payload, depth: 1)
        if used.isEmpty { return unsafe value }
        var all = unsafe jv_array_append(jv_array_sized(Int32(used.count) + 1), value)
        for binding in used {
            let bound =
                switch binding {
                case .headers: unsafe headers(bindings)
                case .key: unsafe text(bindings.key)
                case .meta: unsafe meta(bindings.meta)
                case .tokens:
                    unsafe tokens.reduce(jv_object()) {
                        unsafe jv_object_set($0, JQString.value($1.text), JQString.value($1.literal))
                    }
                }
            unsafe all = jv_array_append(all, bound)
        }
        return unsafe all
    }

    private mutating func value(_ value: JSONValue, depth: Int) throws(ExpressionError) -> jv {
        switch value.kind {
        case .null: return unsafe jv_null()
        case .boolean: return unsafe jv_bool(value.boolValue == true ? 1 : 0)
        case .number: return unsafe jv_number(value.number.map { double($0) } ?? .nan)
        case .string: return unsafe string(value)
        case .array, .object:
            guard depth <= limits.depth else {
                throw ExpressionError(
                    code: .depthLimit,
                    message: "the payload nests deeper than \(limits.depth) arrays and objects"
                )
            }
            return try value.kind == .array ? unsafe array(value, depth: depth) : unsafe object(value, depth: depth)
        }
    }

    private mutating func array(_ value: JSONValue, depth: Int) throws(ExpressionError) -> jv {
        var array = unsafe jv_array_sized(Int32(clamping: max(value.count, 1)))
        for element in value.elements {
            do throws(ExpressionError) {
                unsafe array = jv_array_append(array, try self.value(element, depth: depth + 1))
            } catch {
                unsafe jv_free(array)
                throw error
            }
        }
        return unsafe array
    }

    private mutating func object(_ value: JSONValue, depth: Int) throws(ExpressionError) -> jv {
        var object = unsafe jv_object()
        for (key, member) in value.members {
            do throws(ExpressionError) {
                let member = try unsafe self.value(member, depth: depth + 1)
                unsafe object = jv_object_set(object, string(key.value), member)
            } catch {
                unsafe jv_free(object)
                throw error
            }
        }
        return unsafe object
    }

    private func string(_ value: JSONValue) -> jv {
        guard value.isEscaped else { return unsafe JQString.value(UnsafeRawBufferPointer(value.content)) }
        var bytes: [UInt8] = []
        value.appendString(to: &bytes)
        return unsafe bytes.withUnsafeBytes { unsafe JQString.value($0) }
    }

    private mutating func double(_ number: JSONNumber) -> Double {
        if let standIns { return standIns[number.literal] ?? number.double }
        if !number.isExactInDouble { metInexact = true }
        return number.double
    }

    private func headers(_ bindings: Bindings) -> jv {
        var object = unsafe jv_object()
        for (name, value) in bindings.headers {
            unsafe object = jv_object_set(object, JQString.value(name), JQString.value(value))
        }
        return unsafe object
    }

    private mutating func meta(_ meta: Bindings.Meta) -> jv {
        var object = unsafe jv_object()
        unsafe object = jv_object_set(object, JQString.value("topic"), text(meta.topic))
        unsafe object = jv_object_set(object, JQString.value("partition"), integer(meta.partition))
        unsafe object = jv_object_set(object, JQString.value("offset"), integer(meta.offset.map { Int($0) }))
        unsafe object = jv_object_set(object, JQString.value("timestamp"), integer(meta.timestamp.map { Int($0) }))
        unsafe object = jv_object_set(object, JQString.value("connector"), text(meta.connector))
        return unsafe object
    }

    private func text(_ text: String?) -> jv {
        guard let text else { return unsafe jv_null() }
        return unsafe JQString.value(text)
    }

    private mutating func integer(_ value: Int?) -> jv {
        guard let value else { return unsafe jv_null() }
        let literal = JSONLiteral(value)
        return unsafe jv_number(literal.withNumber { double($0) })
    }
}
