import Bytes
import DaybookTesting
import Ledger

/// What an attacker does to records of one table.
enum Operation: String, CaseIterable, Sendable {
    case flip, extend, shorten, drop, swap, cut, add
}

/// A change to the log, and what the findings about it must name.
struct TamperCase {
    let what: String
    let changes: [RawLog.Change]
    /// Each must fit some finding.
    let names: [(Finding) -> Bool]
}

/// Chooses records of a log by a fixed seed and changes them.
struct TamperCases {
    let image: LogImage
    private var chance: SeededChance

    init(_ image: LogImage, seed: UInt64) {
        self.image = image
        chance = SeededChance(seed: seed)
    }

    mutating func make(_ operation: Operation, _ table: RawLog.Table) -> [TamperCase] {
        switch operation {
        case .flip: sample(of: changeable(table), 3).map { flip(table, $0) }
        case .extend: sample(of: changeable(table), 1).map { change(table, $0, $0.value + [0x20]) }
        case .shorten:
            sample(of: changeable(table), 1).map { change(table, $0, $0.value.dropLast()) }
        case .drop: sample(of: image[table], 2).map { drop(table, $0) }
        case .swap:
            (0..<2).map { _ in sample(of: changeable(table), 2) }.filter { $0.count == 2 }
                .map { swap(table, $0) }
        case .cut: [1, 2, 7].filter { $0 <= image[table].count }.map { cut(table, $0) }
        case .add: AddedRecords(image: image).cases(table)
        }
    }

    /// Records whose values matter each; the format version decides whether anything is read.
    private func changeable(_ table: RawLog.Table) -> [RawLog.Record] {
        image[table].filter { table != .meta || $0.key != Array("version".utf8) }
    }

    private mutating func sample(of records: [RawLog.Record], _ count: Int) -> [RawLog.Record] {
        Array(records.shuffled(using: &chance).prefix(count))
    }

    private mutating func flip(_ table: RawLog.Table, _ record: RawLog.Record) -> TamperCase {
        let byte = Int.random(in: record.value.indices, using: &chance)
        let bit = Int.random(in: 0..<8, using: &chance)
        var value = record.value
        value[byte] ^= 1 << UInt8(bit)
        return TamperCase(
            what: "bit \(bit) of byte \(byte) flipped in \(table) \(record.number)",
            changes: [RawLog.Change(table, record.key, value)],
            names: [names(table, record)]
        )
    }

    private func change(
        _ table: RawLog.Table,
        _ record: RawLog.Record,
        _ value: [UInt8]
    ) -> TamperCase {
        TamperCase(
            what: "\(table) \(record.number) of \(record.value.count) bytes now of \(value.count)",
            changes: [RawLog.Change(table, record.key, value)],
            names: [names(table, record)]
        )
    }

    private func drop(_ table: RawLog.Table, _ record: RawLog.Record) -> TamperCase {
        TamperCase(
            what: "dropped from \(table): \(record.number)",
            changes: [RawLog.Change(table, record.key, nil)],
            names: [names(table, record)]
        )
    }

    private func swap(_ table: RawLog.Table, _ pair: [RawLog.Record]) -> TamperCase {
        TamperCase(
            what: "swapped in \(table): \(pair.map(\.number))",
            changes: [
                RawLog.Change(table, pair[0].key, pair[1].value),
                RawLog.Change(table, pair[1].key, pair[0].value),
            ],
            names: pair.map { names(table, $0) }
        )
    }

    private func cut(_ table: RawLog.Table, _ count: Int) -> TamperCase {
        let tail = image[table].suffix(count)
        var wanted = tail.map { names(table, $0) }
        let size = UInt64(image[.lines].count)
        if table == .lines { wanted = [{ $0.names(event: size - UInt64(count)) }] }
        if table == .checkpoints { wanted = [{ $0.place == .checkpoint(size) }] }
        return TamperCase(
            what: "the last \(count) of \(table) cut",
            changes: tail.map { RawLog.Change(table, $0.key, nil) },
            names: wanted
        )
    }

    private func names(
        _ table: RawLog.Table,
        _ record: RawLog.Record
    ) -> (Finding) -> Bool {
        { finding in
            switch table {
            case .lines, .bodies: finding.names(event: record.number)
            case .tiles: finding.names(tile: record.number)
            case .checkpoints: finding.place == .checkpoint(record.number)
            case .ids:
                finding.names(event: LittleEndian.uint64(record.value.span, at: 0) ?? .max)
            case .meta:
                finding.place == .ledger("meta")
                    && finding.what == String(decoding: record.key, as: UTF8.self)
            }
        }
    }
}
