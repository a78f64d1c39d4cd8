internal import Bytes
package import Ledger

/// Makes the list of changes out of the log's own events.
package struct ChangeList {
    /// The types of events that are changes, less `daybook.`.
    package static let types: Set<String> = [
        "ledger.created", "ledger.restored", "key.rotated", "configuration.changed",
        "projection.defined", "projection.promoted", "token.created", "token.revoked",
        "hold.placed", "hold.released", "period.closed", "period.reopened", "corrected", "erased",
        "delivery.paused", "delivery.resumed", "replayed",
    ]

    /// A change as its line tells of it.
    private struct Told {
        let sequence: UInt64
        let time: Timestamp?
        let what: String
        let subject: String
        let who: String?
        let reason: String?
        let isAsked: Bool
    }

    /// Hashes of definitions by projection, the newest last, with who recorded them.
    private var definitions: [String: [(version: String, hash: String, author: String?)]] = [:]
    private var lastRevision: String?
    private var entries: [ChangeEntry] = []

    /// The changes of a selection, in order.
    package static func list(
        _ selection: EventSelection,
        in ledger: Ledger
    ) throws -> [ChangeEntry] {
        var told: [Told] = []
        try ledger.read { snapshot in
            let range = try selection.range(in: snapshot, size: snapshot.size)
            try OwnEvents.forEach(in: snapshot, before: range.upperBound) { sequence, type, line in
                let what = String(type.dropFirst("daybook.".count))
                guard types.contains(what) else { return }
                told.append(
                    Told(
                        sequence: sequence,
                        time: line.recordedTime,
                        what: what,
                        subject: line.text(.subject) ?? "",
                        who: line.who,
                        reason: line.text(.reason),
                        isAsked: range.contains(sequence) && selection.query.matches(line)
                    )
                )
            }
        }
        var list = ChangeList()
        for change in told { try list.add(change, ledger) }
        return list.entries
    }

    private mutating func add(_ told: Told, _ ledger: Ledger) throws {
        let event = try ledger.event(at: told.sequence)
        let content = ContentMembers.read(event.content)
        var before = content["before"]
        var after = content["after"] ?? content["version"]
        var approver = content["approved_by"] ?? content["approver"]
        var flags: Set<ChangeEntry.Flag> = told.who == nil ? [.anonymous] : []
        switch told.what {
        case "configuration.changed":
            let revision = content["revision"]
            if before != nil, let revision, revision == lastRevision { flags.insert(.uncommitted) }
            lastRevision = revision
        case "projection.defined":
            let meta = ContentMembers.read(event.meta)
            before = definitions[told.subject]?.last?.hash
            after = meta["hash"]
            let version = meta["version"] ?? ""
            definitions[told.subject, default: []].append((version, after ?? "", told.who))
        case "projection.promoted":
            let promoted = definitions[told.subject]?.last { $0.version == after }
            if let author = promoted?.author, author == told.who { flags.insert(.selfApproved) }
            approver = told.who
        case "key.rotated", "ledger.created": after = told.subject.dropping("key:")
        default: break
        }
        if let approver, approver == told.who, told.what != "projection.promoted" {
            flags.insert(.selfApproved)
        }
        // Before there is a configuration nobody runs a command that could name who made the ledger.
        if told.what == "ledger.created" { flags.remove(.anonymous) }
        guard told.isAsked else { return }
        entries.append(
            ChangeEntry(
                sequence: told.sequence,
                time: told.time,
                what: told.what,
                subject: told.subject,
                who: told.who,
                before: before,
                after: after,
                approver: approver,
                revision: content["revision"],
                detail: told.reason,
                flags: ChangeEntry.Flag.allCases.filter { flags.contains($0) }
            )
        )
    }
}
