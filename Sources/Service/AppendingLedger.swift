internal import Ledger

/// A ledger that a command appends to, beside a server or without one.
struct AppendingLedger {
    let ledger: Ledger
    let writer: Writer

    /// Opens the ledger in a folder, with the head file that its configuration names.
    init(path: String) throws {
        let headFile = try Configuration.headFile(ledger: path)
        ledger = try Ledger(path: path, options: .init(appends: true, headFile: headFile))
        guard let writer = ledger.writer else { throw AppendError.stopped }
        self.writer = writer
    }

    /// Ends the writer after what waits is written.
    func close() { ledger.close() }
}
