internal import Bytes
internal import Ledger
internal import Projections

/// An entity that failures are about, with what is known of it.
struct AffectedSubject {
    let subject: String
    /// Failures of the incident that are about it.
    var failures: [UInt64] = []
    /// Whether it was named by who asked.
    var isNamed = false
    /// The rows that are its own.
    var rows: [RowPassage] = []
}

/// Which entities an incident touched.
///
/// Those are the subjects of its failures, of what caused them and of what shares their thread; a
/// thread that is called as a subject is about that. What a refused webhook says proves nothing.
struct IncidentSubjects {
    /// Kinds of subject that are parts of the ledger, not entities of the business.
    private static let ownKinds: Set<Substring> = [
        "delivery", "idempotency-key", "key", "period", "projection", "report", "service",
        "source", "sync", "token",
    ]
    /// Events about entities that are looked at in all; those beyond are not.
    private static let eventLimit = 500_000

    /// By subject.
    private(set) var affected: [String: AffectedSubject] = [:]
    /// The events about each of them, in the log's order.
    private(set) var events: [String: [UInt64]] = [:]
    /// All of these events.
    var all: Set<UInt64> { Set(events.values.joined()) }

    init(
        _ figures: IncidentFigures,
        _ snapshot: borrowing Snapshot,
        end: UInt64
    ) throws {
        var threads: Set<String> = []
        for failure in figures.failures where failure.outcome != .rejected {
            note(failure.subject, failure.sequence)
            var cause = failure.cause
            // A cause lies before its effect, so this ends.
            while let sequence = cause, let line = try snapshot.line(at: sequence) {
                note(line.text(.subject), failure.sequence)
                cause = line.integer(.causationid).flatMap { $0 < sequence ? $0 : nil }
            }
            guard let thread = failure.correlation else { continue }
            threads.insert(thread)
            note(thread, failure.sequence)
            for subject in figures.subjectsOfThreads[thread]?.sorted() ?? [] {
                note(subject, failure.sequence)
            }
        }
        for event in figures.named { note(event.subject, nil) }
        try findEvents(snapshot, end: end)
        // A thread is an entity only if some event is about one of that name.
        affected = affected.filter { !threads.contains($0.key) || events[$0.key] != nil }
        for subject in affected.keys
        where figures.query.subjects.contains(where: { globMatches($0, subject) }) {
            affected[subject]?.isNamed = true
        }
        if !figures.query.subjects.isEmpty { affected = affected.filter(\.value.isNamed) }
        events = events.filter { affected[$0.key] != nil }
    }

    private mutating func note(_ subject: String?, _ failure: UInt64?) {
        guard let subject, let mark = subject.firstIndex(of: ":"), mark != subject.startIndex,
            !Self.ownKinds.contains(subject[..<mark])
        else { return }
        var known = affected[subject] ?? AffectedSubject(subject: subject)
        if let failure, known.failures.last != failure { known.failures.append(failure) }
        affected[subject] = known
    }

    private mutating func findEvents(_ snapshot: borrowing Snapshot, end: UInt64) throws {
        guard !affected.isEmpty else { return }
        var left = Self.eventLimit
        try snapshot.forEachLine(from: 0) { sequence, line in
            guard sequence < end, left > 0 else { return false }
            guard let subject = line.text(.subject), affected[subject] != nil,
                line.outcome != .rejected
            else { return true }
            events[subject, default: []].append(sequence)
            left -= 1
            return true
        }
    }

    /// Gives each entity the rows that are its own.
    mutating func take(_ passages: [RowPassage]) {
        var byID: [String: [String]] = [:]
        for subject in affected.keys {
            byID[SubjectName.id(of: subject), default: []].append(subject)
        }
        for passage in passages where !passage.isWaiting {
            var found: Set<String> = []
            for name in passage.names {
                for part in SubjectName.parts(of: name) { found.formUnion(byID[part] ?? []) }
            }
            for subject in found { affected[subject]?.rows.append(passage) }
        }
    }
}

/// How a row's name tells whose it is: `woo-1001` and `pi:pi_3N` are of `order:1001` and
/// `payment_intent:pi_3N`.
enum SubjectName {
    /// What stands after the kind.
    static func id(of subject: String) -> String {
        guard let mark = subject.firstIndex(of: ":") else { return subject }
        return String(subject[subject.index(after: mark)...])
    }

    /// Whether a row's name has a subject's id as a part of its own.
    static func isName(_ name: String, of subject: String) -> Bool {
        parts(of: name).contains(id(of: subject))
    }

    /// The name itself, and what is left of it after each `-`, `:` or space.
    static func parts(of name: String) -> [String] {
        let ends = name.indices.filter { "-: ".contains(name[$0]) }
        let parts = [name] + ends.map { String(name[name.index(after: $0)...]) }
        return parts.filter { !$0.isEmpty }
    }
}
