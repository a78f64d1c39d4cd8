extension JSONParser {
    /// Finds the exact bytes of each value directly within an object, in the document's order.
    ///
    /// The ranges are byte offsets in `bytes`, without white space around the value. The document
    /// is validated first; it is refused unless it is an object.
    package mutating func topLevelMembers(
        _ bytes: Span<UInt8>
    ) throws(JSONError) -> [(key: String, range: Range<Int>)] {
        let object = try parse(bytes)
        guard object.kind == .object else { throw .notAnObject(found: object.kind) }
        var found: [(key: String, range: Range<Int>)] = []
        found.reserveCapacity(object.count)
        // The parsed members give the names, the text the places, in one and the same order.
        var cursor = object.members
        var position = ValidatedJSON.skipWhiteSpace(bytes, from: 0)
        while let member = cursor.next() {
            // Passes the opening brace or a comma, the name, and the colon.
            position = ValidatedJSON.skipWhiteSpace(bytes, from: position + 1)
            position = ValidatedJSON.endOfString(bytes, at: position)
            position = ValidatedJSON.skipWhiteSpace(bytes, from: position)
            let start = ValidatedJSON.skipWhiteSpace(bytes, from: position + 1)
            let end = ValidatedJSON.endOfValue(bytes, at: start)
            found.append((key: member.name, range: start..<end))
            position = ValidatedJSON.skipWhiteSpace(bytes, from: end)
        }
        return found
    }
}
