extension JSONParser {
    /// Finds the exact bytes of each value directly within an array, in the document's order.
    ///
    /// The ranges are byte offsets in `bytes`, without white space around the value, and of the
    /// first `limit` elements only; `count` says how many there are. Nil unless the document, which
    /// is validated first, is an array.
    package mutating func topLevelElements(
        _ bytes: Span<UInt8>,
        limit: Int
    ) throws(JSONError) -> (count: Int, ranges: [Range<Int>])? {
        let array = try parse(bytes)
        guard array.kind == .array else { return nil }
        let count = array.count
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(min(count, limit))
        var position = ValidatedJSON.skipWhiteSpace(bytes, from: 0)
        for _ in 0..<min(count, limit) {
            // Passes the opening bracket or a comma.
            let start = ValidatedJSON.skipWhiteSpace(bytes, from: position + 1)
            let end = ValidatedJSON.endOfValue(bytes, at: start)
            ranges.append(start..<end)
            position = ValidatedJSON.skipWhiteSpace(bytes, from: end)
        }
        return (count, ranges)
    }
}
