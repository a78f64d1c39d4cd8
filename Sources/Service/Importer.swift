internal import Bytes
internal import JSON
package import Ledger
internal import POSIX
package import Tables

/// What became of one appended fact.
package struct FactReceipt: Sendable {
    private let receipt: Receipt

    init(_ receipt: Receipt) { self.receipt = receipt }

    /// Whether another event has the same source and id, with another content.
    package var isConflict: Bool { receipt.outcome == .conflict }

    /// The receipt by name, for output.
    package var fields: [(String, Cell)] {
        [
            ("sequence", .unsigned(receipt.sequence)),
            ("outcome", .text(receipt.outcome.rawValue)),
            ("leafhash", .text(receipt.leafHash.description)),
            ("checkpoint", .unsigned(receipt.checkpointSize)),
            ("original", receipt.original.map { .unsigned($0) } ?? .absent),
        ]
    }
}

/// What an import did.
package struct ImportSummary: Sendable {
    package var appended: UInt64 = 0
    package var duplicates: UInt64 = 0
    package var conflicts: UInt64 = 0
    package var refused: UInt64 = 0
    package var nanoseconds: UInt64 = 0

    /// Whether every line is in the log as it stands in the file.
    package var isClean: Bool { conflicts == 0 && refused == 0 }

    /// The summary by name, for output.
    package var fields: [(String, Cell)] {
        let rate = Double(appended) / max(1e-9, Double(nanoseconds) / 1e9)
        return [
            ("appended", .unsigned(appended)), ("duplicates", .unsigned(duplicates)),
            ("conflicts", .unsigned(conflicts)), ("refused", .unsigned(refused)),
            ("seconds", .text(Readable.duration(nanoseconds))),
            ("per_second", .unsigned(UInt64(rate))),
        ]
    }
}

/// Appends facts from outside: one, or a file of them.
package final class Importer {
    /// Bytes of one event's text.
    package static let lineLimit = JSONLimits.byteCount
    /// Events handed to the writer at once.
    private static let groupSize = 256
    /// Groups that may wait for the writer before reading goes on.
    private static let groupsInFlight = 32

    private let ledger: AppendingLedger
    private let scope: TokenScope?

    /// Opens the ledger for appending; `actor` is who says so, and may be held to a scope.
    package init(ledger path: String, actor: Actor? = nil, scope: TokenScope? = nil) throws {
        self.scope = scope
        ledger = try AppendingLedger(path: path, actor: actor)
    }

    /// Ends the writer after what waits is written.
    package func close() { ledger.close() }

    /// Appends one CloudEvent.
    package func append(event text: [UInt8]) throws -> FactReceipt {
        var reader = FactReader()
        return try append(try reader.draft(text.span))
    }

    /// Appends one fact given by its parts.
    package func append(
        type: String,
        source: String,
        id: String?,
        subject: String?,
        data: String?
    ) throws -> FactReceipt {
        var reader = FactReader()
        return try append(
            try reader.draft(type: type, source: source, id: id, subject: subject, data: data)
        )
    }

    /// Appends the fact that a file was handed over.
    package func append(_ batch: BatchFile) throws -> FactReceipt {
        try append(batch.draft())
    }

    private func append(_ draft: Draft) throws -> FactReceipt {
        try requireScope(draft)
        return FactReceipt(try ledger.writer.append([draft])[0])
    }

    private func requireScope(_ draft: Draft) throws {
        guard let scope, !scope.permits(draft) else { return }
        throw FactProblem(description: "the token reaches \(scope.text), and not this event")
    }

    /// Appends every CloudEvent of an NDJSON file; `-` is standard input.
    ///
    /// `refused` is told of each line that is no fact, with its number; `progress` the bytes read
    /// and the file's size, which is 0 for a pipe.
    package func importFile(
        _ path: String,
        refused: (_ line: Int, _ problem: String) -> Void,
        progress: (_ done: UInt64, _ total: UInt64) -> Void
    ) throws -> ImportSummary {
        let start = Clock.monotonicNanoseconds
        let file = try FileDescriptor(reading: path)
        let total = UInt64(try file.size())
        var reader = FactReader()
        var lines = NDJSONLines()
        var buffer: [UInt8] = []
        var group: [Draft] = []
        let flight = Monitor(Flight())
        var refusals: UInt64 = 0
        var done: UInt64 = 0
        var isWhole = false
        while !isWhole {
            let chunk = try file.read(atMost: 1 << 20)
            isWhole = chunk.isEmpty
            done += UInt64(chunk.count)
            buffer.removeFirst(lines.offset)
            lines.rebase()
            buffer.append(contentsOf: chunk)
            while let range = lines.next(in: buffer.span, isWhole: isWhole) {
                do {
                    let draft = try reader.draft(buffer.span.extracting(range))
                    try draft.checkSize()
                    try requireScope(draft)
                    group.append(draft)
                } catch {
                    refusals += 1
                    refused(lines.lineNumber, "\(error)")
                }
                if group.count == Self.groupSize { try submit(&group, flight) }
            }
            guard buffer.count - lines.offset <= Self.lineLimit else {
                throw FactProblem(
                    description:
                        "line \(lines.lineNumber + 1) is longer than \(Self.lineLimit) bytes"
                )
            }
            progress(done, total)
        }
        try submit(&group, flight)
        var summary = flight.wait(until: { $0.groups == 0 }) { $0.summary }
        if let error = flight.withLock({ $0.failure }) { throw error }
        summary.refused = refusals
        summary.nanoseconds = Clock.monotonicNanoseconds - start
        return summary
    }

    /// What the writer has been given and not yet answered.
    private struct Flight {
        var groups = 0
        var summary = ImportSummary()
        var failure: AppendError?
    }

    private func submit(_ group: inout [Draft], _ flight: Monitor<Flight>) throws {
        if group.isEmpty { return }
        let failure = flight.wait(until: { $0.groups < Self.groupsInFlight }) { state in
            state.groups += 1
            return state.failure
        }
        if let failure { throw failure }
        let drafts = group
        group.removeAll(keepingCapacity: true)
        try ledger.writer.submit(drafts) { result in
            flight.withLock { state in
                state.groups -= 1
                switch result {
                case .failure(let error): state.failure = state.failure ?? error
                case .success(let receipts):
                    for receipt in receipts {
                        switch receipt.outcome {
                        case .duplicate: state.summary.duplicates += 1
                        case .conflict: state.summary.conflicts += 1
                        default: state.summary.appended += 1
                        }
                    }
                }
            }
            flight.broadcast()
        }
    }
}
