internal import Bytes
internal import Digest
internal import LMDB

/// What one event erased.
package struct ErasureSummary: Sendable, Equatable {
    /// The event that tells of it.
    package let event: UInt64
    /// Bodies that it erased.
    package let bodies: Int
    /// When that was recorded, by whom and why, as the line says.
    package let recorded: String
    package let who: String
    package let reason: String
}

/// Compares the index of erased bodies with the events that tell of erasures.
///
/// The content of such an event is made again from the index: it must be the same, byte for byte.
enum ErasureCheck {
    private struct Group {
        var content = ErasureContent()
        var count = 0
    }

    static func run(
        _ snapshot: borrowing Snapshot,
        _ findings: inout Findings
    ) throws -> [ErasureSummary] {
        guard let erasures = snapshot.store.erasures else { return [] }
        var groups: [UInt64: Group] = [:]
        var cursor = try snapshot.transaction.cursor(over: erasures)
        while try cursor.next() {
            guard let sequence = cursor.key, let event = ErasureRecord.event(cursor.value) else {
                continue
            }
            let record = cursor.value
            let kept =
                record.count > ErasureRecord.headerSize
                ? SHA256.hash(record.extracting(droppingFirst: ErasureRecord.headerSize)) : nil
            guard let hash = try snapshot.line(at: sequence).read({ $0.bodyHash }) else {
                findings.add(finding(sequence, "erased body", "a line that names it", "none"))
                continue
            }
            if try snapshot.body(at: sequence) != nil {
                findings.add(finding(sequence, "erased body", "no body", "a record"))
            }
            groups[event, default: Group()].content.add(sequence, bodyHash: hash, kept: kept)
            groups[event, default: Group()].count += 1
        }
        var summaries: [ErasureSummary] = []
        for (event, var group) in groups.sorted(by: { $0.key < $1.key }) {
            group.content.end()
            guard let line = try snapshot.line(at: event), tellsOfErasure(line) else {
                findings.add(
                    finding(event, "erasure", "an event that tells of erased bodies", "another")
                )
                continue
            }
            summaries.append(
                ErasureSummary(
                    event: event,
                    bodies: group.count,
                    recorded: line.text(.recordedtime) ?? "",
                    who: "\(line.text(.authtype) ?? ""):\(line.text(.authid) ?? "")",
                    reason: line.text(.reason) ?? ""
                )
            )
            let told = try snapshot.body(at: event).read { record in
                guard let layout = BodyLayout(record) else { return false }
                let content = group.content.bytes
                return record.extracting(layout.content).equals(content.span)
            }
            if told != true {
                findings.add(
                    finding(
                        event,
                        "erasure",
                        "the list of the \(group.count) bodies that are gone under it",
                        "another list"
                    )
                )
            }
        }
        return summaries
    }

    private static func tellsOfErasure(_ line: Line) -> Bool {
        line.text(.type) == AdminEvent.erasedType && line.text(.source) == AdminEvent.source
            && line.text(.kind) == Kind.admin.rawValue && line.outcome == .accepted
    }

    private static func finding(
        _ sequence: UInt64,
        _ what: String,
        _ expected: String,
        _ found: String
    ) -> Finding {
        Finding(.manipulation, .sequence(sequence), what, expected: expected, found: found)
    }
}
