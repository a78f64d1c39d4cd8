internal import Bytes
internal import JSON

/// Values of a report, each with its limit; what is refused is named, never shown.
extension JSONMember {
    /// A text of 1 to `limit` bytes, in one line.
    func line(upTo limit: Int) throws(APIProblem) -> String {
        let text = try text(upTo: limit)
        guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw .malformed("\(shownName) holds a control character, expected a text in one line")
        }
        return text
    }

    /// A text of 1 to `limit` bytes.
    func text(upTo limit: Int) throws(APIProblem) -> String {
        guard let text = value.string, (1...limit).contains(text.utf8.count) else {
            throw .malformed("\(shownName) is not a text of 1 to \(limit) bytes")
        }
        return text
    }

    /// A whole number within a range.
    func integer(_ range: ClosedRange<UInt64>) throws(APIProblem) -> UInt64 {
        guard let number = value.uint64, range.contains(number) else {
            throw .malformed(
                "\(shownName) is not a whole number from \(range.lowerBound) to "
                    + "\(range.upperBound)"
            )
        }
        return number
    }

    /// A moment.
    func time() throws(APIProblem) -> Timestamp {
        guard let time = value.string.flatMap({ Timestamp(rfc3339: $0) }) else {
            throw .malformed("\(shownName) is not a time in RFC 3339")
        }
        return time
    }

    /// The problem that a member of this name is not known.
    func unknown(expected: String) -> APIProblem {
        .malformed("unknown member \(shownName), expected \(expected)")
    }

    /// The name as it may be told: one that is long is no name, and could be anything.
    private var shownName: String {
        let name = name
        return name.utf8.count <= 80 ? "\"\(name)\"" : "of \(name.utf8.count) bytes"
    }
}
