import Bytes
import DaybookTesting
import Ledger

/// Records that an attacker adds to each table, with values that look as real as can be had.
struct AddedRecords {
    let image: LogImage

    private var size: UInt64 { UInt64(image[.lines].count) }

    func cases(_ table: RawLog.Table) -> [TamperCase] {
        switch table {
        case .lines: lines
        case .bodies: bodies
        case .tiles: tiles
        case .checkpoints: checkpoints
        case .ids: ids
        case .meta: meta
        }
    }

    private var lines: [TamperCase] {
        let last = image.value(.lines, size - 1)
        return [
            add(.lines, size, last) { [size] in $0.names(event: size) },
            add(.lines, size + 5, last) { [size] in $0.names(event: size) },
        ]
    }

    private var bodies: [TamperCase] {
        let bodiless = (0..<size).first { image.value(.bodies, $0) == nil } ?? 0
        let body = image[.bodies].last?.value
        return [bodiless, size, size + 1000].map { key in
            add(.bodies, key, body) { $0.names(event: key) }
        }
    }

    private var tiles: [TamperCase] {
        let hash = [UInt8](repeating: 7, count: 32)
        let keys: [UInt64] = [size / 256 + 1, 1 << 56 | 1, 2 << 56, 9 << 56, .max]
        return keys.map { key in add(.tiles, key, hash) { $0.names(tile: key) } }
            + [add(.tiles, 2 << 56, []) { $0.names(tile: 2 << 56) }]
    }

    private var checkpoints: [TamperCase] {
        let taken = Set(image[.checkpoints].map(\.number))
        let between = (1..<size).first { !taken.contains($0) } ?? 0
        let last = image[.checkpoints].last?.value
        return [0, between, size + 1, .max].map { key in
            add(.checkpoints, key, last) { [size] finding in
                finding.place == .checkpoint(key)
                    || finding.names(event: size) && finding.expected.contains("checkpoint \(key)")
            }
        }
    }

    private var ids: [TamperCase] {
        let future = Forger.idKey("shop-1", "evt_not_yet_sent")
        let second = RawLog.key(1)
        let end = RawLog.key(size)
        return [
            addID("an id no event has, for an event that has another", future, second),
            addID("an id no event has, for an event to come", future, end),
            addID("an id without a sequence", future, []),
            addID("a key that is no digest", Array("x".utf8), second),
        ] + (rejected.map { [addID("the id of a rejected event", $0.key, $0.value)] } ?? [])
    }

    /// Were it in the index, the real event would be taken for a redelivery of the forged one.
    private var rejected: (key: [UInt8], value: [UInt8])? {
        for record in image[.lines] {
            let line = Line(record.value.span)
            guard line.outcome == .rejected, let source = line.text(.source),
                let id = line.text(.id)
            else { continue }
            return (Forger.idKey(source, id), record.key)
        }
        return nil
    }

    private var meta: [TamperCase] {
        let key = Array("trusted".utf8)
        return [
            TamperCase(
                what: "added to meta",
                changes: [RawLog.Change(.meta, key, [1])],
                names: [{ $0.place == .ledger("meta") && $0.what == "trusted" }]
            )
        ]
    }

    private func add(
        _ table: RawLog.Table,
        _ key: UInt64,
        _ value: [UInt8]?,
        _ names: @escaping (Finding) -> Bool
    ) -> TamperCase {
        TamperCase(
            what: "added to \(table) as \(key), \(value?.count ?? 0) bytes",
            changes: [RawLog.Change(table, key, value)],
            names: [names]
        )
    }

    private func addID(_ what: String, _ key: [UInt8], _ value: [UInt8]) -> TamperCase {
        TamperCase(
            what: "added to ids: \(what)",
            changes: [RawLog.Change(.ids, key, value)],
            names: [
                { $0.place == .ledger("index of ids") && $0.what == Hex.encode(key.span) }
            ]
        )
    }
}
