internal import Bytes
package import Ledger
internal import POSIX
package import Projections

/// Plays a stretch of a log into a ledger of its own, which can be asked and changed without harm.
///
/// The copy has another key and the origin `replay-of/ORIGIN`, so that nothing signed there can be
/// taken for the original's. Its events keep all that they say, the very body records included:
/// only place, time of recording and the hashes that follow from them are new, and causes are
/// renumbered. It has no sources, services or deliveries, so nothing can come of it.
package struct ReplayLedger {
    /// What was made.
    package struct Summary: Sendable {
        package let origin: String
        package let vkey: String
        /// The event of the original log that tells of it.
        package let recorded: UInt64
        /// Events that were copied.
        package let copied: UInt64
        /// Of them the requests that were not chosen, but of which a part was.
        package let requests: UInt64
        /// The log's words about itself, which would be untrue of the copy.
        package let ownLeftOut: UInt64
        /// Redeliveries, and conflicts, of events that were not copied: they would repeat nothing.
        package let repeatsLeftOut: UInt64
        /// Events whose body is gone, so that only the line was copied.
        package let bodiesGone: UInt64
    }

    /// The events before the first copied one: the key's, and the one that says what this is.
    static let copiedFrom: UInt64 = 2
    /// Events, and bytes of bodies, that are appended at once: what the writer takes in one commit.
    private static let groupEvents = 512
    private static let groupBytes = 8 << 20

    private let original: Ledger
    private let path: String
    /// The sequences to copy, ascending.
    private let sequences: [UInt64]
    private var bodiesGone: UInt64 = 0

    /// Makes the ledger in a folder that must not be there yet.
    ///
    /// `views` are the original's, whose ledger must be open for appending: it tells of the replay
    /// before anything is copied.
    package static func make(
        at path: String,
        of selection: EventSelection,
        from views: Views,
        by actor: Actor,
        purpose: String? = nil,
        progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws -> Summary {
        let ledger = views.ledger
        guard !Files.exists(path) else {
            throw AuditProblem.refused(
                "\(path) is there already; a replay goes into a folder of its own"
            )
        }
        guard let writer = ledger.writer else { throw AppendError.stopped }
        let origin = "replay-of/\(ledger.origin)"
        let choice = try Choice(selection, views)
        let absolute = Files.absolute(Files.parent(of: path)).map { parent in
            "\(parent)/\(path.split(separator: "/").last ?? "")"
        }
        let draft = ReplayEvent.draft(
            selection,
            size: choice.size,
            events: UInt64(choice.sequences.count),
            target: absolute ?? path,
            actor: actor,
            purpose: purpose
        )
        let recorded = try writer.append([draft])[0].sequence
        do {
            try prepare(path, origin, views)
            var replay = ReplayLedger(
                original: ledger,
                path: path,
                sequences: choice.sequences
            )
            let vkey = try replay.copy(draft, progress)
            return Summary(
                origin: origin,
                vkey: vkey,
                recorded: recorded,
                copied: UInt64(choice.sequences.count),
                requests: choice.requests,
                ownLeftOut: choice.ownLeftOut,
                repeatsLeftOut: choice.repeatsLeftOut,
                bodiesGone: replay.bodiesGone
            )
        } catch {
            // Half a copy answers questions wrongly.
            Files.removeTree(path)
            throw error
        }
    }

    private init(original: Ledger, path: String, sequences: [UInt64]) {
        self.original = original
        self.path = path
        self.sequences = sequences
    }

    /// Makes the folder: a log, a configuration that takes in and sends out nothing, and the
    /// definitions that answer in the original.
    private static func prepare(_ path: String, _ origin: String, _ views: Views) throws {
        let headFile = "\(path)/\(headName)"
        try Files.makeFolder(path)
        try Ledger.create(
            path: path,
            origin: origin,
            options: .init(appends: true, headFile: headFile)
        )
        let text = """
            # Made by "daybook replay --into": a copy to try things out, which sends nothing.
            origin: \(origin)
            head_file: \(headName)
            listen: 127.0.0.1:0

            """
        try Files.create("\(path)/daybook.yaml", with: Array(text.utf8))
        for (name, text) in try views.answeringDefinitions() {
            try Files.makeFolder("\(path)/projections/\(name)")
            try Files.create("\(path)/projections/\(name)/projection.yaml", with: text)
        }
    }

    private static let headName = "head.note"

    // MARK: - Copying

    private mutating func copy(
        _ told: Draft,
        _ progress: (UInt64, UInt64) -> Void
    ) throws -> String {
        let copy = try Ledger(
            path: path,
            options: .init(appends: true, headFile: "\(path)/\(Self.headName)")
        )
        defer { copy.close() }
        guard let writer = copy.writer else { throw AppendError.stopped }
        _ = try writer.append([told])
        var next = 0
        while next < sequences.count {
            let group = try drafts(from: &next)
            _ = try writer.append(group)
            progress(UInt64(next), UInt64(sequences.count))
        }
        let size = try copy.read { try $0.size }
        guard size == UInt64(sequences.count) + Self.copiedFrom else {
            throw AuditProblem.refused("somebody else appended to \(path) while it was made")
        }
        return copy.firstKey
    }

    /// The next events to copy.
    private mutating func drafts(from next: inout Int) throws -> [Draft] {
        var drafts: [Draft] = []
        var bytes = 0
        try original.read { snapshot in
            while next < sequences.count, drafts.count < Self.groupEvents, bytes < Self.groupBytes {
                let sequence = sequences[next]
                guard let line = try snapshot.line(at: sequence),
                    var draft = Draft(copying: line, body: try snapshot.body(at: sequence))
                else {
                    throw AuditProblem.refused(
                        "event \(sequence) cannot be read; \"daybook verify\" says what is wrong"
                    )
                }
                if let cause = line.integer(.causationid), let place = place(of: cause) {
                    draft[.causationid] = Decimal.padded(
                        place,
                        digits: Decimal.sequenceDigits
                    )
                }
                if draft.body == nil, line.bodyHash != nil { bodiesGone += 1 }
                bytes += draft.body?.record.count ?? 0
                drafts.append(draft)
                next += 1
            }
        }
        return drafts
    }

    /// Where the copy has an event; `nil` if it was not copied.
    private func place(of sequence: UInt64) -> UInt64? {
        var low = 0
        var high = sequences.count
        while low < high {
            let middle = (low + high) / 2
            if sequences[middle] < sequence { low = middle + 1 } else { high = middle }
        }
        guard low < sequences.count, sequences[low] == sequence else { return nil }
        return UInt64(low) + Self.copiedFrom
    }
}

extension ReplayLedger {
    /// Which events are copied.
    private struct Choice {
        /// Ascending.
        private(set) var sequences: [UInt64] = []
        private(set) var requests: UInt64 = 0
        private(set) var ownLeftOut: UInt64 = 0
        private(set) var repeatsLeftOut: UInt64 = 0
        /// Events in the log when it was looked at.
        let size: UInt64

        /// Those that are selected, and for each that is part of a request the request.
        ///
        /// Of the log's own events only what a definition reads: such as that a period was closed
        /// is no truth of the copy.
        init(_ selection: EventSelection, _ views: Views) throws {
            let finder = try RuleFinder(views)
            var chosen: [UInt64] = []
            var own: UInt64 = 0
            var wholes: Set<UInt64> = []
            var repeats: [UInt64: UInt64] = [:]
            size = try views.ledger.read { snapshot in
                let size = try snapshot.size
                try selection.forEach(in: snapshot, size: size) { sequence, line in
                    let isOwn =
                        line.text(.source) == AdminEvent.source
                        && line.text(.kind) == Kind.admin.rawValue
                    if isOwn, AdminEvent.namedKey(line) != nil || !finder.isRead(line) {
                        own += 1
                        return true
                    }
                    chosen.append(sequence)
                    if line.outcome == .duplicate || line.outcome == .conflict {
                        repeats[sequence] = line.integer(.causationid) ?? .max
                        return true
                    }
                    if line.text(.part) != nil, let whole = line.integer(.causationid) {
                        wholes.insert(whole)
                    }
                    return true
                }
                return size
            }
            ownLeftOut = own
            let missing = wholes.subtracting(chosen).filter { $0 < size }
            requests = UInt64(missing.count)
            let all = Set(chosen).union(missing)
            let alone = repeats.filter { !all.contains($0.value) }
            repeatsLeftOut = UInt64(alone.count)
            sequences = all.filter { alone[$0] == nil }.sorted()
        }
    }
}
