package import Bytes
internal import JSON
package import Ledger

/// A population that was given out as a file, read back to draw from it.
package struct PopulationFile: Sendable {
    /// Bytes that one may have: the totals list every type of event once.
    package static let limit = 16 << 20

    package let selection: EventSelection
    /// How many events the log had.
    package let size: UInt64
    package let root: Hash256
    package let origin: String
    /// How many events it counts.
    package let events: UInt64
    /// The event that records the report; `nil` if it was not recorded.
    package let report: UInt64?

    /// Reads a population's JSON.
    ///
    /// - Throws: `AuditProblem.usage` if it is none.
    package init(_ bytes: Span<UInt8>) throws(AuditProblem) {
        var fields = Fields()
        do {
            var parser = JSONParser()
            try Self.read(parser.parse(bytes), into: &fields)
        } catch {
            throw .usage("the population cannot be read: \(error)")
        }
        guard fields.texts["format"] == Population.format else {
            throw .usage(
                "the file is no population: its format is "
                    + "\(fields.texts["format"].map { "\"\($0)\"" } ?? "not said"), expected "
                    + "\"\(Population.format)\""
            )
        }
        guard let query = fields.texts["query"], let origin = fields.texts["origin"],
            let size = fields.numbers["size"], let events = fields.events,
            let root = fields.texts["root"].flatMap({ Hash256(hex: $0.utf8Span.span) })
        else {
            throw .usage(
                "the population is not whole: expected query, origin, size, root and totals.events"
            )
        }
        selection = try EventSelection(text: query)
        self.size = size
        self.root = root
        self.origin = origin
        self.events = events
        report = fields.numbers["report"]
    }

    private struct Fields {
        var texts: [String: String] = [:]
        var numbers: [String: UInt64] = [:]
        var events: UInt64?
    }

    private static func read(_ value: JSONValue, into fields: inout Fields) {
        var members = value.members
        while let member = members.next() {
            if member.name == "totals" {
                fields.events = member.value.member("events")?.uint64
            } else if let number = member.value.uint64 {
                fields.numbers[member.name] = number
            } else if let text = member.value.string {
                fields.texts[member.name] = text
            }
        }
    }

    /// Refuses a population of another ledger, of another log, or that is not as it was recorded.
    package func require(of ledger: Ledger) throws {
        guard origin == ledger.origin else {
            throw AuditProblem.refused(
                "the population is of another ledger: it is of \(origin), this is \(ledger.origin)"
            )
        }
        try ledger.read { snapshot in
            let end = try snapshot.size
            guard size <= end else {
                throw AuditProblem.refused(
                    "the population is of a log of \(size) events, but this one has \(end): it is "
                        + "of another ledger, or this one was cut"
                )
            }
            let known = try snapshot.root(size: size)
            guard known == root else {
                throw AuditProblem.refused(
                    "the population is of another log: the root of its \(size) events is \(root), "
                        + "here it is \(known)"
                )
            }
        }
        guard let report else { return }
        let record = try ReportRecord.read(report, in: ledger)
        guard record.kind == Population.kind, record.query == selection.text, record.size == size,
            record.rows == events
        else {
            throw AuditProblem.refused(
                "the population was changed: report \(report) is of \(record.rows) events by "
                    + "\"\(record.query)\" at size \(record.size), the file says \(events) by "
                    + "\"\(selection.text)\" at size \(size)"
            )
        }
    }
}
