internal import Bytes
internal import LMDB

/// Which events told a row something: what time travel and `explain` go by.
///
/// A row's sequences lie in blocks; a block's key ends with its first sequence, its value has the
/// differences that follow.
struct Touched {
    let store: ViewStore
    let rows: UInt32

    /// The most sequences in a block: following the log changes one block a row, a small one.
    private static let blockCount = 128

    init(_ store: ViewStore, _ rows: UInt32) {
        self.store = store
        self.rows = rows
    }

    /// Adds sequences in ascending order; where they follow all others, the last block is filled.
    func append(
        _ sequences: Span<UInt64>,
        to name: Span<UInt8>,
        followsLog: Bool,
        in transaction: inout WriteTransaction
    ) throws {
        var next = 0
        if followsLog, let last = try lastBlock(name, in: transaction) {
            var block = last
            while next < sequences.count, block.count < Self.blockCount {
                if sequences[next] > block.last { block.append(sequences[next]) }
                next += 1
            }
            try put(block, name, in: &transaction)
        }
        while next < sequences.count {
            var block = Block(first: sequences[next])
            next += 1
            while next < sequences.count, block.count < Self.blockCount {
                block.append(sequences[next])
                next += 1
            }
            try put(block, name, in: &transaction)
        }
    }

    /// The sequences of a name, in ascending order.
    func sequences(
        of name: Span<UInt8>,
        in transaction: borrowing ReadTransaction
    ) throws
        -> [UInt64]
    {
        let prefix = ViewKey.parts(rows, name)
        var sequences: [UInt64] = []
        var cursor = try transaction.cursor(over: store.touched, from: prefix)
        while try cursor.next() {
            let key = cursor.keyBytes
            guard key.hasPrefix(prefix.span), key.count == prefix.count + 8,
                let first = BigEndian.uint64(key, at: prefix.count)
            else { break }
            guard Block.read(first, cursor.value, { sequences.append($0) }) else {
                throw ViewError.damaged
            }
        }
        // Blocks of chunks that were folded side by side do not overlap, but for safety's sake.
        for place in sequences.indices.dropFirst() where sequences[place] <= sequences[place - 1] {
            return Set(sequences).sorted()
        }
        return sequences
    }

    private struct Block {
        let first: UInt64
        var last: UInt64
        var count = 1
        var value: [UInt8] = []

        init(first: UInt64) {
            self.first = first
            last = first
        }

        mutating func append(_ sequence: UInt64) {
            RecordWriter.varint(sequence - last, &value)
            last = sequence
            count += 1
        }

        /// Reads a block; `false` if it is damaged.
        static func read(
            _ first: UInt64,
            _ value: Span<UInt8>,
            _ each: (UInt64) -> Void
        ) -> Bool {
            var sequence = first
            each(sequence)
            var reader = RecordReader(value)
            while !reader.isAtEnd {
                guard let step = reader.varint() else { return false }
                sequence = sequence &+ step
                each(sequence)
            }
            return true
        }
    }

    private func lastBlock(
        _ name: Span<UInt8>,
        in transaction: borrowing WriteTransaction
    ) throws -> Block? {
        let prefix = ViewKey.parts(rows, name)
        let beyond = ViewKey.touched(rows, name, .max)
        var cursor = try transaction.cursor(over: store.touched, from: [])
        _ = try cursor.seek(beyond.span)
        guard try cursor.previous() else { return nil }
        let key = cursor.keyBytes
        guard key.hasPrefix(prefix.span), key.count == prefix.count + 8,
            let first = BigEndian.uint64(key, at: prefix.count)
        else { return nil }
        var block = Block(first: first)
        let isSound = Block.read(first, cursor.value) { sequence in
            if sequence > block.last { block.append(sequence) }
        }
        guard isSound else { throw ViewError.damaged }
        return block.count < Self.blockCount ? block : nil
    }

    private func put(
        _ block: Block,
        _ name: Span<UInt8>,
        in transaction: inout WriteTransaction
    ) throws {
        let key = ViewKey.touched(rows, name, block.first)
        let value = block.value
        try transaction.put(value.span, for: key.span, in: store.touched)
    }
}
