internal import Bytes
internal import Ledger
package import Projections

/// Everything that belongs to entities: what came in, went out, was forwarded and changed.
package struct EntityTimeline: Sendable {
    /// A row by its projection and key.
    package struct RowName: Hashable, Sendable {
        package let projection: String
        package let key: String

        /// Takes the row's projection, and its key or another of its names.
        package init(projection: String, key: String) {
            self.projection = projection
            self.key = key
        }

        /// Reads `PROJECTION/KEY`.
        package init(_ text: String) throws(AuditProblem) {
            guard let mark = text.firstIndex(of: "/"), mark != text.startIndex,
                text.index(after: mark) != text.endIndex
            else {
                throw .usage("\"\(text)\" is no row, expected PROJECTION/KEY")
            }
            projection = String(text[..<mark])
            key = String(text[text.index(after: mark)...])
        }
    }

    /// Why an event is on the timeline.
    package enum Reason: String, Sendable {
        /// It is about the subject.
        case subject
        /// It told a row of the entity something.
        case row
        /// Another one of the timeline caused it, or it caused that.
        case cause
        /// It shares a thread with one of the timeline, or its thread is called as the subject.
        case thread
        /// The service of one of its calls was cut off, or let in again.
        case service
    }

    /// An event with the reason why it is here.
    package struct Entry: Sendable {
        package var event: TimelineEvent
        package let reason: Reason
    }

    /// What is asked for.
    package struct Query: Sendable {
        /// Subjects; a `*` stands for any text.
        package var subjects: [String]
        package var rows: [RowName]
        /// The stretch of the log, and conditions on what is shown.
        package var selection: EventSelection
        /// Whether lines are scanned; if not, only what views know is found.
        package var scans: Bool

        package init(
            subjects: [String],
            rows: [RowName],
            selection: EventSelection,
            scans: Bool = true
        ) {
            self.subjects = subjects
            self.rows = rows
            self.selection = selection
            self.scans = scans
        }
    }

    /// In the log's order.
    package private(set) var entries: [Entry] = []
    /// The rows of the entities, those asked for and those found.
    package private(set) var rows: [RowName] = []
    /// Rows that were found beyond the limit, and are not followed.
    package private(set) var omittedRows = 0
    /// How many lines were scanned; the rest was found by the views' own lists.
    package private(set) var scanned: UInt64 = 0

    /// Rows of one entity: an order has three or four, and more than these are not one's own.
    private static let rowLimit = 40

    /// Why each event is here.
    private var members: [UInt64: Reason] = [:]
    private var effects: [UInt64: [ProjectionEffect]] = [:]
    private var threads: Set<String> = []
    private var services: Set<String> = []

    /// Finds all that belongs to the entities.
    ///
    /// Events that told a row something are found by the view's list of them; those about a
    /// subject, and those bound by causation and thread, by a scan of the stretch's lines.
    ///
    /// - Throws: `ViewError.noRow` if a row that is asked for is not there.
    package init(
        _ query: Query,
        _ views: Views,
        progress: (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in }
    ) throws {
        for row in query.rows { try follow(row, views) }
        let range = try views.ledger.read { snapshot in
            try query.selection.range(in: snapshot, size: snapshot.size)
        }
        if query.scans, !query.subjects.isEmpty {
            try findSubjects(query.subjects, range, views, progress)
        }
        if query.scans { try findRelated(query.subjects, range, views, progress) }
        try views.ledger.read { snapshot in
            for sequence in members.keys.sorted() where range.contains(sequence) {
                guard let reason = members[sequence], let line = try snapshot.line(at: sequence),
                    query.selection.query.matches(line)
                else { continue }
                var event = TimelineEvent(sequence, line)
                event.effects = effects[sequence] ?? []
                entries.append(Entry(event: event, reason: reason))
            }
        }
    }

    /// Takes the story of a row.
    private mutating func follow(_ row: RowName, _ views: Views) throws {
        let story = try views.explain(ViewRequest(row.projection), key: row.key)
        rows.append(row)
        for told in story {
            if members[told.sequence] == nil { members[told.sequence] = .row }
            guard !told.changes.isEmpty else { continue }
            effects[told.sequence, default: []].append(
                .init(projection: row.projection, key: row.key, changes: told.changes)
            )
        }
    }

    private mutating func findSubjects(
        _ patterns: [String],
        _ range: Range<UInt64>,
        _ views: Views,
        _ progress: (UInt64, UInt64) -> Void
    ) throws {
        var found = try scan(range, views, progress) { line in
            line.text(.subject).map { subject in
                patterns.contains { globMatches($0, subject) }
            } == true
        }
        for sequence in found { members[sequence] = .subject }
        if found.isEmpty, range.lowerBound > 0 {
            // What is told of it in this time may not name it: an earlier event says its rows.
            found = try scan(0..<range.lowerBound, views, progress) { line in
                line.text(.subject).map { patterns.contains($0) } == true
            }
        }
        guard !found.isEmpty else { return }
        var names: [RowName] = []
        let subjects = try views.ledger.read { snapshot in
            var subjects: Set<String> = []
            for sequence in found {
                if let subject = try snapshot.line(at: sequence)?.text(.subject) {
                    subjects.insert(subject)
                }
            }
            return subjects
        }
        try views.rowsTouched(by: found) { projection, name, key in
            let isOwn = subjects.contains {
                SubjectName.isName(name, of: $0) || SubjectName.isName(key, of: $0)
            }
            let row = RowName(projection: projection, key: key)
            if isOwn, !names.contains(row), !rows.contains(row) { names.append(row) }
        }
        omittedRows += max(0, names.count - Self.rowLimit)
        for row in names.prefix(Self.rowLimit) { try follow(row, views) }
    }

    /// The events of a range whose lines fit.
    private mutating func scan(
        _ range: Range<UInt64>,
        _ views: Views,
        _ progress: (UInt64, UInt64) -> Void,
        _ fits: (borrowing Line) -> Bool
    ) throws -> [UInt64] {
        var found: [UInt64] = []
        try views.ledger.forEachLine(from: range.lowerBound) { sequence, line in
            guard sequence < range.upperBound else { return false }
            scanned += 1
            if scanned & 0xFFFF == 0 { progress(scanned, UInt64(range.count)) }
            if fits(line) { found.append(sequence) }
            return true
        }
        return found
    }

    /// Adds causes, and then effects, threads and what became of the services: a cause lies before
    /// its effect, so one pass finds all.
    private mutating func findRelated(
        _ subjects: [String],
        _ range: Range<UInt64>,
        _ views: Views,
        _ progress: (UInt64, UInt64) -> Void
    ) throws {
        try views.ledger.read { snapshot in
            for sequence in members.keys.sorted() {
                var next: UInt64? = sequence
                while let place = next, let line = try snapshot.line(at: place) {
                    if members[place] == nil { members[place] = .cause }
                    note(line)
                    next = line.integer(.causationid).flatMap { $0 < place ? $0 : nil }
                }
            }
        }
        for sequence in try scanRelated(subjects, range, views, progress)
        where members[sequence] == nil {
            members[sequence] = .service
        }
    }

    /// Gives the changes of breakers, of which some may be of services that the entities use.
    private mutating func scanRelated(
        _ subjects: [String],
        _ range: Range<UInt64>,
        _ views: Views,
        _ progress: (UInt64, UInt64) -> Void
    ) throws -> [UInt64] {
        var breakers: [(sequence: UInt64, service: String)] = []
        try views.ledger.forEachLine(from: range.lowerBound) { sequence, line in
            guard sequence < range.upperBound else { return false }
            scanned += 1
            if scanned & 0xFFFF == 0 { progress(scanned, UInt64(range.count)) }
            if members[sequence] != nil {
                note(line)
            } else if let cause = line.integer(.causationid), members[cause] != nil {
                members[sequence] = .cause
                note(line)
            } else if let thread = line.text(.correlationid),
                threads.contains(thread) || subjects.contains(where: { globMatches($0, thread) })
            {
                members[sequence] = .thread
                note(line)
            } else if line.raw(.type)?.hasPrefix(ascii: "daybook.breaker.") == true,
                let service = line.text(.service)
            {
                breakers.append((sequence, service))
            }
            return true
        }
        return breakers.filter { services.contains($0.service) }.map(\.sequence)
    }

    private mutating func note(_ line: borrowing Line) {
        if let thread = line.text(.correlationid) { threads.insert(thread) }
        if let service = line.text(.service) { services.insert(service) }
    }
}
