import Bytes
import LMDB

/// A ledger's databases as one sees them who may write its files but has no private key.
///
/// The environment is open only while a method runs: a process may have it open once.
struct RawLog {
    enum Table: String, CaseIterable, Codable, Sendable {
        case lines, bodies, tiles, checkpoints, ids, meta

        var hasIntegerKeys: Bool { self != .ids && self != .meta }
    }

    struct Record: Equatable {
        var key: [UInt8]
        var value: [UInt8]

        /// The key as the number it is in most tables.
        var number: UInt64 { LittleEndian.uint64(key.span, at: 0) ?? .max }
    }

    struct Change {
        var table: Table
        var key: [UInt8]
        /// `nil` removes the record.
        var value: [UInt8]?

        init(_ table: Table, _ key: [UInt8], _ value: [UInt8]?) {
            self.table = table
            self.key = key
            self.value = value
        }

        init(_ table: Table, _ number: UInt64, _ value: [UInt8]?) {
            self.init(table, RawLog.key(number), value)
        }
    }

    /// The ledger's folder.
    let path: String

    static func key(_ number: UInt64) -> [UInt8] {
        var key: [UInt8] = []
        LittleEndian.append(number, to: &key)
        return key
    }

    /// Every record of every table.
    func read() throws -> LogImage {
        let (environment, databases) = try open()
        return try environment.read { transaction in
            var image = LogImage()
            for (table, database) in zip(Table.allCases, databases) {
                var records: [Record] = []
                var cursor = try transaction.cursor(over: database)
                while try cursor.next() {
                    records.append(
                        Record(
                            key: [UInt8](copying: cursor.keyBytes),
                            value: [UInt8](copying: cursor.value)
                        )
                    )
                }
                image[table] = records
            }
            return image
        }
    }

    /// Makes the changes, in one transaction.
    func apply(_ changes: [Change]) throws {
        let (environment, databases) = try open()
        let handles = Dictionary(uniqueKeysWithValues: zip(Table.allCases, databases))
        try environment.write { transaction in
            for change in changes {
                guard let database = handles[change.table] else { continue }
                switch (change.table.hasIntegerKeys, change.value) {
                case (true, let value?):
                    try transaction.put(value.span, for: number(change.key), in: database)
                case (false, let value?):
                    try transaction.put(value.span, for: change.key.span, in: database)
                case (true, nil):
                    _ = try transaction.remove(number(change.key), in: database)
                case (false, nil):
                    _ = try transaction.remove(change.key.span, in: database)
                }
            }
        }
    }

    private func number(_ key: [UInt8]) -> UInt64 {
        LittleEndian.uint64(key.span, at: 0) ?? .max
    }

    private func open() throws -> (Environment, [Database]) {
        let environment = try Environment(
            path: "\(path)/log",
            options: .init(mapSize: 1 << 26, databases: 8)
        )
        let kinds = Table.allCases.map { table -> (String, KeyKind) in
            (table.rawValue, table.hasIntegerKeys ? .integer : .bytes)
        }
        return (environment, try environment.open(kinds))
    }
}

/// A copy of every record of a log, in the tables' order.
struct LogImage: Equatable {
    private var tables: [RawLog.Table: [RawLog.Record]] = [:]

    subscript(table: RawLog.Table) -> [RawLog.Record] {
        get { tables[table] ?? [] }
        set { tables[table] = newValue }
    }

    func value(_ table: RawLog.Table, _ key: [UInt8]) -> [UInt8]? {
        self[table].first { $0.key == key }?.value
    }

    func value(_ table: RawLog.Table, _ number: UInt64) -> [UInt8]? {
        value(table, RawLog.key(number))
    }

    /// What takes a log that looks like this back from `changes`.
    func undoing(_ changes: [RawLog.Change]) -> [RawLog.Change] {
        changes.map { RawLog.Change($0.table, $0.key, value($0.table, $0.key)) }
    }

    /// What makes a log that looks like this look like `other`.
    func changes(to other: LogImage) -> [RawLog.Change] {
        var changes: [RawLog.Change] = []
        for table in RawLog.Table.allCases {
            let mine = Dictionary(uniqueKeysWithValues: self[table].map { ($0.key, $0.value) })
            let theirs = Dictionary(uniqueKeysWithValues: other[table].map { ($0.key, $0.value) })
            for (key, value) in theirs where mine[key] != value {
                changes.append(RawLog.Change(table, key, value))
            }
            for key in mine.keys where theirs[key] == nil {
                changes.append(RawLog.Change(table, key, nil))
            }
        }
        return changes
    }
}
