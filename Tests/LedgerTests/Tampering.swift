import DaybookTesting
import Ledger
import Testing

/// A sound ledger that is changed, verified, and put back as it was, again and again.
struct Tampering {
    let ledger: TemporaryLedger
    let raw: RawLog
    let original: LogImage

    init(_ ledger: TemporaryLedger) throws {
        self.ledger = ledger
        raw = RawLog(path: ledger.path)
        original = try raw.read()
    }

    /// What a verification finds after the changes, which are then undone.
    func report(
        after changes: [RawLog.Change],
        options: Verifier.Options = .init()
    ) throws -> VerifyReport {
        try raw.apply(changes)
        defer {
            do { try raw.apply(original.undoing(changes)) } catch {
                Issue.record("the changes were not undone: \(error)")
            }
        }
        return try ledger.verify(options)
    }

    /// Expects that the changes are found, and that the findings name the places concerned.
    func expectFound(
        _ one: TamperCase,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let report = try report(after: one.changes)
        let grave = report.findings.filter { $0.kind != .notice }
        #expect(!report.isSound, "\(one.what)", sourceLocation: sourceLocation)
        guard !report.isSound else { return }
        for names in one.names {
            let isNamed = grave.contains(where: names)
            #expect(isNamed, "\(one.what): \(grave.prefix(3))", sourceLocation: sourceLocation)
        }
    }
}

extension Finding {
    /// Whether the finding names a tile, as its place or in what was checked.
    func names(tile key: UInt64) -> Bool {
        let tile = "\(key >> 56)/\(key & (1 << 56 - 1))"
        return place.description == "tile \(tile)" || what.contains("tile \(tile)")
    }

    /// Whether the finding is about an event.
    func names(event sequence: UInt64) -> Bool { place == .sequence(sequence) }
}
