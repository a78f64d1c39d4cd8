internal import Ledger
internal import POSIX

/// A ledger that a command appends to, beside a server or without one.
struct AppendingLedger {
    let ledger: Ledger
    let writer: Writer

    /// Opens the ledger in a folder for who appends, by default who runs the process.
    init(path: String, actor: Actor?) throws {
        ledger = try Ledger.openForAppending(path, actor: actor ?? .user(Process.userName))
        guard let writer = ledger.writer else { throw AppendError.stopped }
        self.writer = writer
    }

    /// Ends the writer after what waits is written.
    func close() { ledger.close() }
}
