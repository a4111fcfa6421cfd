internal import CJQ
internal import JSON

/// Writes libjq's values as compact JSON, within the limits on size and depth.
struct ResultWriter {
    private var writer = JSONWriter()
    private let limits: ExpressionLimits
    /// Bytes of results that were taken before.
    private var taken = 0

    init(limits: ExpressionLimits) {
        self.limits = limits
    }

    var bytes: [UInt8] { writer.bytes }

    /// Makes room for the results of the next record.
    mutating func reset() {
        writer.reset()
        taken = 0
    }

    /// Returns what has been written and starts another document of the same record.
    mutating func take() -> [UInt8] {
        let bytes = writer.bytes
        taken += bytes.count
        writer.reset()
        return bytes
    }

    /// Writes a value; does not take ownership.
    mutating func write(_ value: jv, depth: Int = 1) throws(ExpressionError) {
        switch unsafe jv_get_kind(value) {
        case JV_KIND_STRING: unsafe writer.value(JQString.text(of: value))
        case JV_KIND_NUMBER: try unsafe number(jv_number_value(value))
        case JV_KIND_ARRAY: try unsafe array(value, depth)
        case JV_KIND_OBJECT: try unsafe object(value, depth)
        default: unsafe constant(value)
        }
        try checkSize()
    }

    /// Writes what two runs agree on, numbers by their literal; takes no ownership.
    mutating func write(_ low: jv, _ high: jv, _ exact: ExactNumbers, depth: Int = 1) throws(ExpressionError) {
        let kind = unsafe jv_get_kind(low)
        guard unsafe kind == jv_get_kind(high) else { throw ExactNumbers.disagreement }
        switch kind {
        case JV_KIND_STRING:
            guard unsafe jv_equal(jv_copy(low), jv_copy(high)) != 0 else { throw ExactNumbers.disagreement }
            unsafe writer.value(JQString.text(of: low))
        case JV_KIND_NUMBER:
            let value = unsafe jv_number_value(low)
            if let literal = try unsafe exact.literal(low: value, high: jv_number_value(high)) {
                writer.raw(Array(literal.utf8))
            } else {
                try number(value)
            }
        case JV_KIND_ARRAY: try unsafe array(low, high, exact, depth)
        case JV_KIND_OBJECT: try unsafe object(low, high, exact, depth)
        default: unsafe constant(low)
        }
        try checkSize()
    }

    private mutating func constant(_ value: jv) {
        switch unsafe jv_get_kind(value) {
        case JV_KIND_TRUE: writer.value(true)
        case JV_KIND_FALSE: writer.value(false)
        default: writer.null()
        }
    }

    private mutating func number(_ value: Double) throws(ExpressionError) {
        guard value.isFinite, value.magnitude < .greatestFiniteMagnitude else {
            throw ExpressionError(
                code: .notJSON,
                message: "a result contains \(value.isNaN ? "NaN" : "an infinite number"), which JSON cannot write; "
                    + "test with isnan or isinfinite and use null"
            )
        }
        writer.raw(Array(DoubleText.text(value).utf8))
    }

    private mutating func array(_ value: jv, _ depth: Int) throws(ExpressionError) {
        try check(depth)
        writer.beginArray()
        for index in unsafe 0..<jv_array_length(jv_copy(value)) {
            let element = unsafe jv_array_get(jv_copy(value), index)
            defer { unsafe jv_free(element) }
            try unsafe write(element, depth: depth + 1)
        }
        writer.endArray()
    }

    private mutating func object(_ value: jv, _ depth: Int) throws(ExpressionError) {
        try check(depth)
        writer.beginObject()
        var slot = unsafe jv_object_iter(value)
        while unsafe jv_object_iter_valid(value, slot) != 0 {
            let member = unsafe jv_object_iter_value(value, slot)
            defer { unsafe jv_free(member) }
            unsafe key(jv_object_iter_key(value, slot))
            try unsafe write(member, depth: depth + 1)
            slot = unsafe jv_object_iter_next(value, slot)
        }
        writer.endObject()
    }

    /// Takes ownership of `name`.
    private mutating func key(_ name: jv) {
        unsafe writer.key(JQString.text(of: name))
        unsafe jv_free(name)
    }

    private mutating func array(_ low: jv, _ high: jv, _ exact: ExactNumbers, _ depth: Int) throws(ExpressionError) {
        try check(depth)
        let count = unsafe jv_array_length(jv_copy(low))
        guard unsafe count == jv_array_length(jv_copy(high)) else { throw ExactNumbers.disagreement }
        writer.beginArray()
        for index in 0..<count {
            let (left, right) = unsafe (jv_array_get(jv_copy(low), index), jv_array_get(jv_copy(high), index))
            defer {
                unsafe jv_free(left)
                unsafe jv_free(right)
            }
            try unsafe write(left, right, exact, depth: depth + 1)
        }
        writer.endArray()
    }

    private mutating func object(_ low: jv, _ high: jv, _ exact: ExactNumbers, _ depth: Int) throws(ExpressionError) {
        try check(depth)
        guard unsafe jv_object_length(jv_copy(low)) == jv_object_length(jv_copy(high)) else {
            throw ExactNumbers.disagreement
        }
        writer.beginObject()
        var slot = unsafe jv_object_iter(low)
        while unsafe jv_object_iter_valid(low, slot) != 0 {
            let left = unsafe jv_object_iter_value(low, slot)
            // Invalid when the other run has no such member; its kind then differs from every value's.
            let right = unsafe jv_object_get(jv_copy(high), jv_object_iter_key(low, slot))
            defer {
                unsafe jv_free(left)
                unsafe jv_free(right)
            }
            unsafe key(jv_object_iter_key(low, slot))
            try unsafe write(left, right, exact, depth: depth + 1)
            slot = unsafe jv_object_iter_next(low, slot)
        }
        writer.endObject()
    }

    private func check(_ depth: Int) throws(ExpressionError) {
        guard depth <= limits.depth else {
            throw ExpressionError(
                code: .depthLimit,
                message: "a result nests deeper than \(limits.depth) arrays and objects"
            )
        }
    }

    private func checkSize() throws(ExpressionError) {
        guard taken + writer.bytes.count <= limits.outputBytes else {
            throw ExpressionError(
                code: .outputLimit,
                message: "the results of one record are larger than \(limits.outputBytes) bytes"
            )
        }
    }
}
