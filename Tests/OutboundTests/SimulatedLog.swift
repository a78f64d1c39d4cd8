import Bytes
import Ledger
import Outbound

/// Lines as a writer would make them, without a ledger: enough for folds over syncs.
struct SimulatedLog {
    private(set) var lines: [[UInt8]] = []
    private var ids: Set<String> = []

    /// Appends a draft; one whose source and id are there already becomes a duplicate.
    mutating func append(_ draft: Draft, at recorded: Timestamp) {
        var texts: [String: String] = [:]
        for attribute in Attribute.allCases { texts[attribute.name] = draft[attribute] }
        if !ids.insert("\(draft.source) \(draft.id)").inserted { texts["outcome"] = "duplicate" }
        texts["sequence"] = Decimal.padded(UInt64(lines.count), digits: 20)
        texts["recordedtime"] = recorded.rfc3339
        texts["prevhash"] = String(repeating: "0", count: 64)
        let members = texts.sorted { $0.key < $1.key }.map { name, text in
            var member = Array("\"\(name)\":".utf8)
            CanonicalJSON.appendString(text, to: &member)
            return String(decoding: member, as: UTF8.self)
        }
        lines.append(Array("{\(members.joined(separator: ","))}".utf8))
    }

    /// Appends a run of a sync.
    mutating func run(
        _ name: String,
        from start: Timestamp?,
        at recorded: Timestamp,
        hasFailed: Bool = false
    ) {
        var draft = Draft(
            source: name,
            id: "run-\(lines.count)",
            type: hasFailed ? "sync.failed" : "sync.completed",
            kind: .sync,
            outcome: hasFailed ? .failed : .succeeded
        )
        draft[.sync] = name
        draft[.time] = start?.short
        append(draft, at: recorded)
    }

    /// Gives the lines from `first` on to a watch.
    func feed(_ watch: inout SyncWatch, from first: Int = 0) {
        for line in lines[first...] {
            let bytes = line.span
            watch.take(Line(bytes))
        }
    }

    /// A watch that has taken all of it.
    func watch(_ schedules: [SyncSchedule]) -> SyncWatch {
        var watch = SyncWatch(schedules)
        feed(&watch)
        return watch
    }
}

/// A moment of 2026, such as `moment2026("02-01 02:00")`.
func moment2026(_ text: String) -> Timestamp {
    let parts = text.split(separator: " ")
    return Timestamp(rfc3339: "2026-\(parts[0])T\(parts[1]):00Z") ?? .min
}

extension Timestamp {
    /// So many minutes later.
    func later(minutes: Int64) -> Timestamp {
        Timestamp(microseconds: microseconds + minutes * 60_000_000)
    }
}
