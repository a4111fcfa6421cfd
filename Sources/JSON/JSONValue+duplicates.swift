extension JSONValue {
    /// Looks at every object of a document whose root this is: one pass over the tape.
    /// - Throws: `duplicateKey` at the second of two equal names, with its pointer and the place of the first.
    func rejectDuplicateKeys(in bytes: UnsafeRawBufferPointer) throws(JSONError) {
        for offset in 0..<totalCount {
            let object = advanced(by: offset)
            guard let key = object.firstDuplicateKey else { continue }
            throw unsafe duplicate(key, of: object, in: bytes)
        }
    }

    private func duplicate(_ key: JSONKey, of object: JSONValue, in bytes: UnsafeRawBufferPointer) -> JSONError {
        var pointer = pointer(to: object)
        JSONPointer.append(key.string, to: &pointer)
        let first = object.members.first { $0.key.value.isSameString(as: key.value) }?.key ?? key
        let (line, column) = unsafe JSONError.position(of: first.value.start, in: bytes)
        let (secondLine, secondColumn) = unsafe JSONError.position(of: key.value.start, in: bytes)
        return JSONError(
            code: .duplicateKey,
            message: "the object has the member \(pointer) already, at \(line):\(column)",
            byteOffset: key.value.start,
            line: secondLine,
            column: secondColumn
        )
    }

    /// The place of a container inside this one, found by where it starts in the source.
    private func pointer(to target: JSONValue) -> String {
        var text = ""
        var value = self
        while value.start < target.start {
            guard let (token, next) = value.child(around: target.start) else { break }
            JSONPointer.append(token, to: &text)
            value = next
        }
        return text
    }

    private func child(around offset: Int) -> (token: String, value: JSONValue)? {
        for (key, member) in members where offset >= member.start && offset < member.end { return (key.string, member) }
        for (index, element) in elements.enumerated() where offset >= element.start && offset < element.end {
            return (String(index), element)
        }
        return nil
    }
}
