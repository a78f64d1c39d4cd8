internal import Bytes
internal import Digest
internal import HTTPServer
internal import Ledger

/// What a caller is told of events that are on disk.
struct ReceiptAnswer {
    private let events: [Event]
    private let checkpoint: UInt64?

    private struct Event {
        let source: String
        let id: String
        let outcome: Outcome
        /// Of the event that holds: for a duplicate the one that came first.
        let sequence: UInt64
        let leaf: Hash256?
        /// For a conflict, the one that came first.
        let original: UInt64?
    }

    init(_ drafts: [(source: String, id: String)], _ receipts: [Receipt], _ ledger: Ledger) {
        checkpoint = receipts.map(\.checkpointSize).max()
        events = zip(drafts, receipts).map { draft, receipt in
            let first = receipt.outcome == .duplicate ? receipt.original : nil
            return Event(
                source: draft.source,
                id: draft.id,
                outcome: receipt.outcome,
                sequence: first ?? receipt.sequence,
                leaf: first == nil ? receipt.leafHash : first.flatMap { Self.leaf($0, ledger) },
                original: receipt.outcome == .conflict ? receipt.original : nil
            )
        }
    }

    private static func leaf(_ sequence: UInt64, _ ledger: Ledger) -> Hash256? {
        try? ledger.read { snapshot in
            guard let line = try snapshot.line(at: sequence) else { return nil }
            return SHA256.leaf(line.bytes)
        }
    }

    /// 201 if anything is new, 200 if all was there before, 409 if an id stands for something else.
    var answer: HTTPAnswer {
        if let index = events.firstIndex(where: { $0.outcome == .conflict }) {
            return conflict(index)
        }
        let isNew = events.contains { $0.outcome != .duplicate }
        var body = Array("{".utf8)
        if let checkpoint {
            body.append(ascii: "\"checkpoint\":")
            Decimal.append(checkpoint, to: &body)
            body.append(ascii: ",")
        }
        body.append(ascii: "\"events\":")
        body.append(contentsOf: list)
        body.append(ascii: "}\n")
        return HTTPAnswer(
            status: isNew ? 201 : 200,
            headers: [("Content-Type", "application/json"), ("Cache-Control", "no-store")],
            body: body
        )
    }

    private func conflict(_ index: Int) -> HTTPAnswer {
        let event = events[index]
        let first = event.original.map { ", event \($0)," } ?? ""
        return .problem(
            409,
            "conflict",
            "the log has another event\(first) of source \(event.source.prefix(80)) with the id "
                + "\(event.id.prefix(80)); this one is recorded as a conflict and has no effect",
            json: [("events", list), ("index", Array("\(index)".utf8))]
        )
    }

    /// All events as a JSON list, in the order in which they were sent.
    private var list: [UInt8] {
        var text: [UInt8] = []
        for event in events {
            text.append(ascii: text.isEmpty ? "[" : ",")
            var object = CanonicalObject()
            object.add("id", event.id)
            object.add("leaf", event.leaf?.description)
            object.add("outcome", event.outcome.rawValue)
            object.add("sequence", event.sequence)
            text.append(contentsOf: object.bytes)
        }
        text.append(ascii: text.isEmpty ? "[]" : "]")
        return text
    }
}
