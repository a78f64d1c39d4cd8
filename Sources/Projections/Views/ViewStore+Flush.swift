internal import Bytes
internal import LMDB

extension ViewStore {
    /// Merges a fold into stored rows, in the order of keys.
    ///
    /// `isFresh` says that the rows have nothing yet; `followsLog` that the fold's events all come
    /// after those that were stored before.
    func flush<IDs: EventIDs & ~Copyable>(
        _ fold: inout Fold,
        into rows: UInt32,
        isFresh: Bool,
        followsLog: Bool,
        _ aliases: Aliases,
        _ ids: borrowing IDs,
        in transaction: inout WriteTransaction
    ) throws {
        let order = fold.names.sorted()
        let prefix = ViewKey.prefix(rows)
        var key = prefix
        var record: [UInt8] = []
        for number in order {
            key.replaceSubrange(4..., with: [])
            key.append(span: fold.names[number])
            if !isFresh, let stored = try transaction.value(for: key.span, in: self.rows) {
                guard try fold.absorb(stored, into: number, ids) else { throw ViewError.damaged }
            } else if fold.isEmpty(number), aliases.contains(fold.names[number]) {
                // Nothing is said of it but whose it is.
                continue
            }
            record.removeAll(keepingCapacity: true)
            fold.encode(number, into: &record)
            try transaction.put(record.span, for: key.span, in: self.rows)
        }
        try flushTouches(fold, order, into: rows, followsLog, in: &transaction)
        try flushLinks(fold, into: rows, ids, in: &transaction)
    }

    private func flushTouches(
        _ fold: borrowing Fold,
        _ order: [Int],
        into rows: UInt32,
        _ followsLog: Bool,
        in transaction: inout WriteTransaction
    ) throws {
        // A counting sort by row keeps each row's sequences in the order of the log.
        var starts = [Int](repeating: 0, count: fold.count + 1)
        for touch in fold.touches { starts[Int(touch.row) + 1] += 1 }
        for row in 0..<fold.count { starts[row + 1] += starts[row] }
        var places = starts
        var sequences = [UInt64](repeating: 0, count: fold.touches.count)
        for touch in fold.touches {
            sequences[places[Int(touch.row)]] = touch.sequence
            places[Int(touch.row)] += 1
        }
        for number in order where starts[number + 1] > starts[number] {
            let range = starts[number]..<starts[number + 1]
            try Touched(self, rows).append(
                sequences.span.extracting(range),
                to: fold.names[number],
                followsLog: followsLog,
                in: &transaction
            )
        }
    }

    private func flushLinks<IDs: EventIDs & ~Copyable>(
        _ fold: borrowing Fold,
        into rows: UInt32,
        _ ids: borrowing IDs,
        in transaction: inout WriteTransaction
    ) throws {
        // Many events say the same: each pair of names is written once.
        let links = fold.links.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
        var next = 0
        while next < links.count {
            let (from, to) = (links[next].from, links[next].to)
            var stamp = links[next].stamp
            next += 1
            while next < links.count, links[next].from == from, links[next].to == to {
                if try stamp.isAfter(links[next].stamp, ids) ?? false { stamp = links[next].stamp }
                next += 1
            }
            try put(
                stamp,
                from: fold.names[Int(from)],
                to: fold.names[Int(to)],
                rows,
                ids,
                in: &transaction
            )
        }
    }

    /// Stores a link both ways, with the first stamp of those who say so.
    private func put<IDs: EventIDs & ~Copyable>(
        _ stamp: Stamp,
        from: Span<UInt8>,
        to: Span<UInt8>,
        _ rows: UInt32,
        _ ids: borrowing IDs,
        in transaction: inout WriteTransaction
    ) throws {
        let forward = ViewKey.link(rows, from, to)
        if let stored = try transaction.value(for: forward.span, in: links) {
            guard let known = Stamp(record: stored) else { throw ViewError.damaged }
            guard try known.isAfter(stamp, ids) ?? false else { return }
        }
        let record = stamp.record
        try transaction.put(record.span, for: forward.span, in: links)
        let back = ViewKey.link(rows, to, from)
        try transaction.put(record.span, for: back.span, in: links)
    }
}

extension Stamp {
    var record: [UInt8] {
        var output: [UInt8] = []
        RecordWriter.stamp(self, &output)
        return output
    }

    init?(record: Span<UInt8>) {
        var reader = RecordReader(record)
        guard let stamp = reader.stamp() else { return nil }
        self = stamp
    }
}
