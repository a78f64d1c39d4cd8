internal import Bytes
package import Ledger

/// Which events a report is about: a stretch of the log, narrowed by conditions.
package struct EventSelection: Sendable {
    /// The stretch by recorded time, if it was named as a period of the calendar.
    package var period: Period?
    /// The first sequence and the first after the last, where the stretch is not one of time.
    package var from: UInt64?
    package var end: UInt64?
    /// Times of recording, and the conditions that narrow the stretch.
    package var query = LogQuery()

    /// All events.
    package init() {}

    /// The events recorded in a period.
    package init(_ period: Period) {
        self.period = period
        query.since = period.start
        query.until = period.end
    }

    /// Whether every event of the stretch is selected, so that none of it can be left out unseen.
    package var isWhole: Bool { query.conditions.isEmpty }

    /// The stretch in a log of which the first `size` events count.
    package func range(in snapshot: borrowing Snapshot, size: UInt64) throws -> Range<UInt64> {
        let timed = try query.range(in: snapshot)
        let lower = min(max(timed.lowerBound, from ?? 0), size)
        return lower..<max(lower, min(timed.upperBound, end ?? .max, size))
    }

    /// Calls `body` with each selected event among the first `size`, in order, until it says `false`.
    package func forEach(
        in snapshot: borrowing Snapshot,
        size: UInt64,
        _ body: (_ sequence: UInt64, _ line: Line) throws -> Bool
    ) throws {
        let range = try range(in: snapshot, size: size)
        guard !range.isEmpty else { return }
        try snapshot.forEachLine(from: range.lowerBound) { sequence, line in
            guard sequence < range.upperBound else { return false }
            guard query.matches(line) else { return true }
            return try body(sequence, line)
        }
    }

    /// The selection as one line of text, the same for the same selection.
    ///
    /// What reports show and what is run again from them: `init(text:)` reads it back.
    package var text: String {
        var words: [String] = []
        if let period {
            words.append("period=\(period.name)")
        } else {
            if let since = query.since { words.append("since=\(since.short)") }
            if let until = query.until { words.append("until=\(until.short)") }
        }
        if let from { words.append("from=\(from)") }
        if let end { words.append("end=\(end)") }
        for (attribute, pattern) in query.conditions {
            words.append("\(attribute.name)=\(Self.escape(pattern))")
        }
        return words.isEmpty ? "all" : words.joined(separator: " ")
    }

    /// Reads what `text` gives.
    package init(text: String) throws(AuditProblem) {
        self.init()
        for word in text.split(separator: " ") where word != "all" {
            guard let mark = word.firstIndex(of: "=") else {
                throw .usage("\"\(word)\" is no condition of a selection, expected NAME=VALUE")
            }
            let name = word[..<mark]
            let value = Self.unescape(word[word.index(after: mark)...])
            switch name {
            case "period":
                let other = try EventSelection(Period(value))
                period = other.period
                query.since = other.query.since
                query.until = other.query.until
            case "since": query.since = try Self.time(value)
            case "until": query.until = try Self.time(value)
            case "from": from = try Self.sequence(value)
            case "end": end = try Self.sequence(value)
            default:
                guard let attribute = Attribute.allCases.first(where: { $0.name == name }) else {
                    throw .usage("\"\(name)\" is no attribute of an event")
                }
                query.conditions.append((attribute, value))
            }
        }
    }

    private static func time(_ text: String) throws(AuditProblem) -> Timestamp {
        guard let time = Timestamp(rfc3339: text) else {
            throw .usage("\"\(text)\" is no moment, expected RFC 3339")
        }
        return time
    }

    private static func sequence(_ text: String) throws(AuditProblem) -> UInt64 {
        guard let number = Decimal.parse(text.utf8Span.span) else {
            throw .usage("\"\(text)\" is no sequence, expected a whole number")
        }
        return number
    }

    private static func escape(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing(" ", with: "%20")
    }

    private static func unescape(_ text: Substring) -> String {
        String(text).replacing("%20", with: " ").replacing("%25", with: "%")
    }
}
