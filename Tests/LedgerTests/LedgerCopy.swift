import DaybookTesting
import POSIX

/// The files of a ledger as they were at some moment: a backup, and a template for many tests.
struct LedgerCopy: Sendable {
    private let log: [UInt8]
    private let keys: [String: [UInt8]]
    private let head: [UInt8]?

    /// Copies a ledger that nobody has open.
    init(of ledger: TemporaryLedger) throws {
        log = try Files.read("\(ledger.path)/log/data.mdb")
        var keys: [String: [UInt8]] = [:]
        for name in try Files.list("\(ledger.path)/keys") {
            keys[name] = try Files.read("\(ledger.path)/keys/\(name)")
        }
        self.keys = keys
        head = try? Files.read(ledger.headFile)
    }

    /// Puts the ledger's folder back as it was; the head file lies elsewhere and stays.
    func restore(to ledger: TemporaryLedger) throws {
        Files.removeTree("\(ledger.path)/log")
        Files.removeTree("\(ledger.path)/keys")
        try Files.makeFolder("\(ledger.path)/log")
        try Files.makeFolder("\(ledger.path)/keys")
        try Files.create("\(ledger.path)/log/data.mdb", with: log)
        for (name, bytes) in keys { try Files.create("\(ledger.path)/keys/\(name)", with: bytes) }
    }

    /// A ledger of its own that looks like the one that was copied.
    func ledger() throws -> TemporaryLedger {
        let ledger = try TemporaryLedger()
        try restore(to: ledger)
        if let head { try Files.replace(ledger.headFile, with: head) }
        return ledger
    }
}

/// Ledgers that several suites start from, made once.
enum Template {
    /// About 600 events of every sort under four keys: three tiles and one above them.
    static let mixed = Result { () throws in
        let ledger = try TemporaryLedger()
        try ledger.fillMixed(600)
        return try LedgerCopy(of: ledger)
    }

    /// Some twenty events under two keys.
    static let small = Result { () throws in
        let ledger = try TemporaryLedger()
        try ledger.fillMixed(20, rotations: 1)
        return try LedgerCopy(of: ledger)
    }

    /// Fourteen events without bodies, each in a commit of its own; event 7 changes the key.
    static let plain = Result { () throws in
        let ledger = try TemporaryLedger()
        try ledger.fillPlain()
        return try LedgerCopy(of: ledger)
    }
}
