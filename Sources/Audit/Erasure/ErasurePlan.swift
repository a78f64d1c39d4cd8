internal import Bytes
package import Ledger

/// Which bodies go when a subject is erased, worked out before anything is.
///
/// To a subject belong the events about it, the request whose part such an event is, and what
/// followed from them: calls, deliveries, conflicting redeliveries. Admin events stay, but for the
/// requests of calls.
package struct ErasurePlan: Sendable {
    /// An event with a body that belongs to the subject.
    package struct Entry: Sendable {
        package let sequence: UInt64
        package let type: String
        package let subject: String?
        package let recorded: String
        /// Bytes of content.
        package let size: UInt64
        /// Subjects of other events that are parts of the same request.
        package let others: [String]
        /// The hold that is on it.
        package let hold: String?
    }

    /// What is to be erased.
    package private(set) var entries: [Entry] = []
    /// Requests that bring other subjects' events, too, and so stay unless it is asked for.
    package private(set) var shared: [Entry] = []
    /// Bodies that were erased before.
    package private(set) var erasedBefore = 0
    /// Events about the subject, with or without a body.
    package private(set) var events = 0

    /// Bytes of content that go.
    package var bytes: UInt64 { entries.reduce(0) { $0 + $1.size } }

    /// Works it out for the subjects of a pattern, of all time or of a period.
    package init(
        subject: String,
        period: Period? = nil,
        includesShared: Bool,
        holds: Holds,
        in ledger: Ledger
    ) throws {
        guard subject.contains(where: { $0 != "*" }) else {
            throw AuditProblem.usage("a subject is such as member:77, and not all there are")
        }
        let found = try Self.find(subject, period, holds, ledger)
        events = found.events
        for sequence in found.bodies.sorted() {
            try ledger.read { snapshot in
                guard let line = try snapshot.line(at: sequence), line.bodyHash != nil else {
                    return
                }
                guard try snapshot.body(at: sequence) != nil else {
                    if try snapshot.erasure(of: sequence) != nil { erasedBefore += 1 }
                    return
                }
                let (others, partHold) = try Self.parts(sequence, subject, holds, snapshot)
                let entry = Entry(
                    sequence: sequence,
                    type: line.text(.type) ?? "",
                    subject: line.text(.subject),
                    recorded: line.text(.recordedtime) ?? "",
                    size: line.integer(.bodysize) ?? 0,
                    others: others,
                    hold: holds.hold(on: line)?.name ?? partHold ?? found.holds[sequence]
                )
                if entry.others.isEmpty || includesShared {
                    entries.append(entry)
                } else {
                    shared.append(entry)
                }
            }
        }
    }

    /// What a walk over the log finds.
    private struct Found {
        /// Events whose bodies belong to the subject.
        var bodies: Set<UInt64> = []
        /// Holds on events from which these followed.
        var holds: [UInt64: String] = [:]
        var events = 0
    }

    private static func find(
        _ subject: String,
        _ period: Period?,
        _ holds: Holds,
        _ ledger: Ledger
    ) throws -> Found {
        var found = Found()
        // Events from which others followed, and the request whose parts come next: that a part was
        // delivered again names another event as its cause.
        var causes: Set<UInt64> = []
        var request: UInt64 = 0
        try ledger.forEachLine(from: 0) { sequence, line in
            let isPart = line.raw(.part) != nil
            if !isPart { request = sequence }
            let isAdmin = line.raw(.kind)?.equals(ascii: "admin") == true
            if isAdmin, line.raw(.type)?.equals(ascii: "daybook.call.intent") != true {
                return true
            }
            let cause = line.integer(.causationid)
            let isAbout =
                line.text(.subject).map { globMatches(subject, $0) } == true
                && isWithin(line, period)
            // Another part of the same request is another subject's.
            let follows = cause.map { causes.contains($0) } == true && !isPart
            guard isAbout || follows else { return true }
            if isAbout { found.events += 1 }
            causes.insert(sequence)
            let hold = holds.hold(on: line)?.name ?? cause.flatMap { found.holds[$0] }
            if let hold { found.holds[sequence] = hold }
            if line.raw(.bodyhash) != nil { found.bodies.insert(sequence) }
            if isPart { found.bodies.insert(request) }
            return true
        }
        return found
    }

    private static func isWithin(_ line: borrowing Line, _ period: Period?) -> Bool {
        guard let period else { return true }
        guard let time = line.recordedTime else { return false }
        return time >= period.start && time < period.end
    }

    /// The subjects of a request's parts that are not asked for, and a hold on any part.
    private static func parts(
        _ sequence: UInt64,
        _ subject: String,
        _ holds: Holds,
        _ snapshot: borrowing Snapshot
    ) throws -> (others: [String], hold: String?) {
        var others: Set<String> = []
        var hold: String?
        guard let own = try snapshot.line(at: sequence), own.raw(.part) == nil else {
            return ([], nil)
        }
        // The parts of a request follow it in the log, whatever else they name as their cause.
        try snapshot.forEachLine(from: sequence + 1) { _, line in
            guard line.raw(.part) != nil else { return false }
            let text = line.text(.subject) ?? line.text(.id) ?? ""
            if !globMatches(subject, text) { others.insert(text) }
            if hold == nil { hold = holds.hold(on: line)?.name }
            return true
        }
        return (others.sorted(), hold)
    }

    /// Refuses if a hold is on any of it.
    package func requireNoHold(_ holds: Holds) throws(AuditProblem) {
        let held = entries.filter { $0.hold != nil }
        guard let first = held.first, let name = first.hold else { return }
        let reason = holds.active.first { $0.name == name }?.reason ?? ""
        throw .refused(
            "\(Self.refusal(name, reason)); it is on \(held.count) of \(entries.count) events, the "
                + "first is \(first.sequence)"
        )
    }

    private static func refusal(_ name: String, _ reason: String) -> String {
        "nothing is erased: the hold \(name) forbids it (\(reason)); \"daybook hold list\" shows it"
    }
}
