package import Bytes
internal import JSON
package import Ledger
package import Projections

/// The figures of a period as the log's first `size` events make them: what a closing states, and
/// what a check of it works out again.
package struct PeriodStatement: Sendable {
    package let period: Period
    /// The stretch that was recorded in the period.
    package let range: Range<UInt64>
    /// The head at the cut-off: how many events the log had, and their RFC 6962 root.
    package let size: UInt64
    package let root: Hash256
    /// The control totals of the stretch, canonical JSON.
    package let totals: [UInt8]
    /// The digest of the rows of each projection at the cut-off, by name.
    package let digests: [(name: String, digest: Hash256)]
    /// The definitions that decide amounts and digests, by name.
    package let definitions: [ReportRecord.DefinitionVersion]
    /// Events of the log whose line names a body that is not there any more.
    package let bodiless: UInt64

    /// Works the figures out.
    ///
    /// `answering` are the versions of projections whose digests are wanted; those that answer now
    /// unless it says so. The whole log is folded for a digest of a past that no view stands at.
    package init(
        _ period: Period,
        size: UInt64,
        views: Views,
        answering versions: [String: Int]? = nil
    ) throws {
        let selection = EventSelection(period)
        let figures = try views.ledger.read { snapshot in
            (
                range: try selection.range(in: snapshot, size: size),
                root: try snapshot.root(size: size),
                bodiless: try Self.bodiless(snapshot, size)
            )
        }
        self.period = period
        self.size = size
        range = figures.range
        root = figures.root
        bodiless = figures.bodiless
        totals = try ControlTotals(selection, size: size, views: views).json
        let definitions = try views.definitionVersions()
        self.definitions = definitions
        let wanted = versions ?? [:]
        let names = versions.map { $0.keys.sorted() } ?? definitions.map(\.name)
        digests = try names.map { name in
            let request = ViewRequest(name, version: wanted[name])
            return (name, try views.digest(request, size: size))
        }
    }

    private static func bodiless(_ snapshot: borrowing Snapshot, _ size: UInt64) throws -> UInt64 {
        var count: UInt64 = 0
        var events = try snapshot.events(in: 0..<size)
        while try events.next() {
            if events.body == nil, events.line.raw(.bodyhash) != nil { count += 1 }
        }
        return count
    }

    /// The statement as canonical JSON; with whether it was early, and by which program, as a
    /// closing states it.
    func json(early: Bool? = nil, tool: String? = nil) -> [UInt8] {
        var object = CanonicalObject()
        object.add("bodiless", bodiless)
        object.add("definitions", definitions.object)
        var hashes = CanonicalObject()
        for (name, digest) in digests { hashes.add(name, digest.description) }
        object.add("digests", hashes)
        if let early { object.add("early", json: Array("\(early)".utf8)) }
        object.add("end", range.upperBound)
        object.add("first", range.lowerBound)
        object.add("period", period.name)
        object.add("root", root.description)
        object.add("since", period.start.short)
        object.add("size", size)
        object.add("tool", tool)
        object.add("totals", json: totals)
        object.add("until", period.end.short)
        return object.bytes
    }
}

extension [ReportRecord.DefinitionVersion] {
    /// Version and hash by name, as reports have them.
    var object: CanonicalObject {
        var object = CanonicalObject()
        for definition in self {
            object.add(definition.name, "\(definition.version) \(definition.hash)")
        }
        return object
    }
}

extension Views {
    /// The definitions that answer now, by name, in the form in which reports record them.
    package func definitionVersions() throws -> [ReportRecord.DefinitionVersion] {
        try definitionHashes().map {
            ReportRecord.DefinitionVersion(name: $0.name, version: $0.version, hash: $0.hash)
        }
    }
}

/// A closing as the log has it: the statement that was signed, read back.
package struct ClosedPeriod: Sendable {
    /// Who closed it, and when.
    package let act: PeriodAct
    /// The content of the event, canonical JSON.
    package let content: [UInt8]
    /// The stretch that its figures are of.
    package let range: Range<UInt64>
    /// How many events the log had.
    package let size: UInt64
    /// Version and hash of each definition, by name.
    package let definitions: [String: (version: Int, hash: String)]

    /// Reads the event of a closing.
    package init(_ act: PeriodAct, in ledger: Ledger) throws {
        let event = try ledger.event(at: act.sequence)
        guard let content = event.content else {
            throw AuditProblem.refused(
                "the figures of \(act.period.name) are not there: event \(act.sequence): "
                    + event.bodyAbsence
            )
        }
        var fields = Fields()
        var parser = JSONParser()
        try Self.read(parser.parse(content.span), into: &fields)
        guard let first = fields.numbers["first"], let end = fields.numbers["end"],
            let size = fields.numbers["size"], first <= end, end <= size
        else {
            throw AuditProblem.refused(
                "event \(act.sequence) does not state what closing \(act.period.name) must; "
                    + "expected a stretch and a size"
            )
        }
        self.act = act
        self.content = content
        range = first..<end
        self.size = size
        definitions = fields.definitions
    }

    private struct Fields {
        var numbers: [String: UInt64] = [:]
        var definitions: [String: (version: Int, hash: String)] = [:]
    }

    private static func read(_ value: JSONValue, into fields: inout Fields) {
        var members = value.members
        while let member = members.next() {
            if let number = member.value.uint64 { fields.numbers[member.name] = number }
            guard member.name == "definitions" else { continue }
            var entries = member.value.members
            while let entry = entries.next() {
                let words = entry.value.string?.split(separator: " ") ?? []
                guard words.count == 2, let version = Int(words[0]) else { continue }
                fields.definitions[entry.name] = (version, String(words[1]))
            }
        }
    }

    /// The figures as they were stated.
    package func figures() throws -> [Figure] { try Figures.list(content.span) }
}
