internal import Bytes
internal import LMDB

/// The databases of `views/`: all of it is derived from the log, and deleting it loses nothing.
///
/// Rows are kept by where they are stored, not by view: views whose definitions differ in what is
/// derived only share them.
struct ViewStore: Sendable {
    let environment: Environment
    /// What there is: `Catalogue` has the keys.
    let catalogue: Database
    /// rows' number ‖ name → record.
    let rows: Database
    /// rows' number ‖ name ‖ 0 ‖ other name → stamp; each link both ways.
    let links: Database
    /// rows' number ‖ name ‖ 0 ‖ first sequence → sequences, as differences.
    let touched: Database
    /// rows' number ‖ sequence → what is wrong with the event.
    let quarantine: Database

    /// Opens the environment in `folder`, which is there.
    init(folder: String, readOnly: Bool) throws(LMDBError) {
        environment = try Environment(path: folder, options: .init(readOnly: readOnly))
        let databases = try environment.open([
            ("catalogue", .bytes), ("rows", .bytes), ("links", .bytes), ("touched", .bytes),
            ("quarantine", .bytes),
        ])
        catalogue = databases[0]
        rows = databases[1]
        links = databases[2]
        touched = databases[3]
        quarantine = databases[4]
    }

    /// Writes; grows the map when it is full.
    func write<R>(_ body: (inout WriteTransaction) throws -> R) throws -> R {
        while true {
            do {
                return try environment.write(body)
            } catch let error as LMDBError where error.isMapFull {
                try environment.grow()
            }
        }
    }
}

/// The keys of the databases of `views/`.
///
/// Names have no control characters and at most `longestName` bytes, so a zero byte ends them and
/// two of them fit into LMDB's 511 bytes.
enum ViewKey {
    static let longestName = 250

    /// What every key of some rows begins with.
    static func prefix(_ rows: UInt32) -> [UInt8] {
        var key: [UInt8] = []
        key.reserveCapacity(64)
        BigEndian.append(rows, to: &key)
        return key
    }

    static func row(_ rows: UInt32, _ name: Span<UInt8>) -> [UInt8] {
        var key = prefix(rows)
        key.append(span: name)
        return key
    }

    /// What the keys of a name's links and touched sequences begin with.
    static func parts(_ rows: UInt32, _ name: Span<UInt8>) -> [UInt8] {
        var key = row(rows, name)
        key.append(0)
        return key
    }

    static func link(_ rows: UInt32, _ name: Span<UInt8>, _ other: Span<UInt8>) -> [UInt8] {
        var key = parts(rows, name)
        key.append(span: other)
        return key
    }

    static func touched(_ rows: UInt32, _ name: Span<UInt8>, _ first: UInt64) -> [UInt8] {
        var key = parts(rows, name)
        BigEndian.append(first, to: &key)
        return key
    }

    static func quarantined(_ rows: UInt32, _ sequence: UInt64) -> [UInt8] {
        var key = prefix(rows)
        BigEndian.append(sequence, to: &key)
        return key
    }
}
