import DaybookTesting
import Ledger

/// A ledger of fourteen plain events with what an attacker needs to forge it.
///
/// Every event has a commit of its own. Event 7 hands over to the second key.
struct ForgedLog {
    let ledger: TemporaryLedger
    let raw: RawLog
    /// The vkey of the log's first event, as a careful verifier pins it.
    let firstKey: String
    var forger: Forger

    static let rotation = 7

    init() throws {
        ledger = try Template.plain.get().ledger()
        raw = RawLog(path: ledger.path)
        forger = try Forger(raw)
        firstKey = try ledger.open(appends: false).firstKey
    }

    /// Puts a fact that nobody recorded at the end.
    mutating func appendFact(inSameCommit: Bool = false) {
        forger.append(
            fact,
            replacing: [("fact-3", "forged-\(forger.lines.count)")],
            inSameCommit: inSameCommit
        )
    }

    /// Puts an event at the end that hands over to another key.
    mutating func appendRotation(to vkey: String) {
        let model = forger.original[.lines][Self.rotation].value
        let line = Line(model.span)
        let texts = [
            (line.text(.subject) ?? "", "key:\(vkey)"), (line.text(.id) ?? "", "forged-rotation"),
        ]
        forger.append(model, replacing: texts)
    }

    /// Writes the forged log over the real one and verifies it with the first key pinned.
    func verify(_ options: Verifier.Options = .init()) throws -> VerifyReport {
        try raw.apply(forger.changes)
        var options = options
        options.pinnedKey = firstKey
        return try ledger.verify(options)
    }

    private var fact: [UInt8] { forger.original[.lines][3].value }
}
