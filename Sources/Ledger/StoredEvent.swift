package import Bytes
internal import Digest
internal import LMDB

/// An event copied out of the log, whole.
package struct StoredEvent: Sendable {
    /// The exact bytes that are hashed, chained and signed.
    package let line: [UInt8]
    /// RFC 6962 leaf hash of the line.
    package let leafHash: Hash256
    /// The body's meta, canonical JSON; `nil` without a body.
    package let meta: [UInt8]?
    /// The content as it was on the wire; `nil` without a body.
    package let content: [UInt8]?
    /// Whether the line names a body.
    package let namesBody: Bool

    /// The event that tells why the body was erased; `nil` if it was not.
    package let erasedBy: UInt64?

    /// Why there is no content, for a message.
    package var bodyAbsence: String {
        if let erasedBy {
            return
                "the event's body was erased: \"daybook show \(erasedBy)\" says why and by whom; "
                + "its line and proof still stand"
        }
        return namesBody
            ? "the event's body is missing, and no erasure says why; run \"daybook verify\""
            : "the event has no body"
    }
}

extension Ledger {
    /// Copies an event out of the log.
    ///
    /// - Throws: `LedgerError.beyondEnd` when the log has no such event.
    package func event(at sequence: UInt64) throws -> StoredEvent {
        try read { snapshot in
            guard let line = try snapshot.line(at: sequence) else {
                throw LedgerError.beyondEnd(sequence: sequence, size: try snapshot.size)
            }
            let record = try snapshot.body(at: sequence)
            let layout = record.read { BodyLayout($0) }
            return StoredEvent(
                line: [UInt8](copying: line.bytes),
                leafHash: SHA256.leaf(line.bytes),
                meta: layout.flatMap { part(record, $0.meta) },
                content: layout.flatMap { part(record, $0.content) },
                namesBody: line.bodyHash != nil,
                erasedBy: try snapshot.erasure(of: sequence)
            )
        }
    }
}

private func part(_ record: Span<UInt8>?, _ range: Range<Int>) -> [UInt8]? {
    record.read { [UInt8](copying: $0.extracting(range)) }
}
