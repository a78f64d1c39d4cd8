package import Bytes
internal import Digest
package import Ledger
internal import Merkle

/// An anchor as the log has it: not yet checked.
package struct Anchor: Sendable {
    /// The event that tells of it.
    package let sequence: UInt64
    /// When that event was recorded.
    package let recorded: Timestamp
    package let kind: AnchorKind
    /// It covers the log's first `size` events.
    package let size: UInt64
    /// The cosigned note, or the time stamp in DER; `nil` if it is not in the log any more.
    package let content: [UInt8]?

    /// Who signed, by their own word: the names under the note but the log's, or the time stamp's
    /// moment.
    package func names(origin: String) -> [String] {
        guard let content else { return [] }
        switch kind {
        case .witness:
            guard let note = try? SignedNote(content.span) else { return [] }
            return note.signatures.map(\.name).filter { $0 != origin }
        case .timestamp:
            guard let reply = try? TimestampReply(content) else { return [] }
            return ["time stamp of \(reply.time.short)"]
        }
    }
}

/// The anchors that a log tells of.
package enum AnchorList {
    /// All anchors among the first `end` events, oldest first; every line is looked at.
    package static func read(_ ledger: Ledger, end: UInt64 = .max) throws -> [Anchor] {
        var sequences: [UInt64] = []
        try ledger.forEachLine(from: 0) { sequence, line in
            guard sequence < end else { return false }
            if isAnchor(line) { sequences.append(sequence) }
            return true
        }
        return try sequences.compactMap { try anchor($0, ledger) }
    }

    /// The newest anchor; lines are looked at from the log's end.
    package static func newest(_ ledger: Ledger) throws -> Anchor? {
        var query = LogQuery()
        query.conditions = [
            (.type, AnchorEvent.type), (.source, AdminEvent.source), (.kind, Kind.admin.rawValue),
        ]
        let found = try ledger.read { try query.newest(1, in: $0) }
        return try found.first.flatMap { try anchor($0, ledger) }
    }

    private static func isAnchor(_ line: borrowing Line) -> Bool {
        line.text(.type) == AnchorEvent.type && line.text(.source) == AdminEvent.source
            && line.text(.kind) == Kind.admin.rawValue
    }

    /// Reads an anchor's event; `nil` if it does not say what it must.
    private static func anchor(_ sequence: UInt64, _ ledger: Ledger) throws -> Anchor? {
        let event = try ledger.event(at: sequence)
        let line = Line(event.line.span)
        let prefix = "checkpoint:"
        guard let recorded = line.recordedTime, let subject = line.text(.subject),
            subject.hasPrefix(prefix),
            let size = Decimal.parse(String(subject.dropFirst(prefix.count)).utf8Span.span),
            let mediaType = line.text(.datacontenttype)
        else { return nil }
        return Anchor(
            sequence: sequence,
            recorded: recorded,
            kind: mediaType == AnchorEvent.stampType ? .timestamp : .witness,
            size: size,
            content: event.content
        )
    }
}
