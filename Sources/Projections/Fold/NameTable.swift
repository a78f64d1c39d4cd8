internal import Bytes

/// Texts, each under one number, in the order in which they first came.
struct NameTable {
    private struct Entry {
        let start: UInt32
        let count: UInt32
        let hash: UInt64
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []
    /// Numbers plus one by hash, 0 for a free place; at most half are taken.
    private var slots: [UInt32]
    private var mask: Int
    /// Names come from outside: nobody can choose them to collide.
    private let seed = UInt64.random(in: 1...UInt64.max)

    init(capacity: Int = 64) {
        var size = 128
        while size < capacity * 2 { size *= 2 }
        slots = [UInt32](repeating: 0, count: size)
        mask = size - 1
        entries.reserveCapacity(capacity)
        bytes.reserveCapacity(capacity * 24)
    }

    var count: Int { entries.count }

    /// The text with a number.
    subscript(number: Int) -> Span<UInt8> {
        @_lifetime(borrow self)
        get {
            let entry = entries[number]
            let start = Int(entry.start)
            return bytes.span.extracting(start..<start + Int(entry.count))
        }
    }

    func text(_ number: Int) -> String { String(repairing: self[number]) }

    /// The number of a text, a new one if need be.
    mutating func number(of name: Span<UInt8>) -> Int {
        let hash = Self.hash(name, seed)
        let slot = slot(of: name, hash)
        if slots[slot] != 0 { return Int(slots[slot]) - 1 }
        let start = UInt32(bytes.count)
        bytes.append(span: name)
        entries.append(Entry(start: start, count: UInt32(name.count), hash: hash))
        slots[slot] = UInt32(entries.count)
        if entries.count * 2 > slots.count { grow() }
        return entries.count - 1
    }

    /// The number of a text; `nil` if it has none.
    func find(_ name: Span<UInt8>) -> Int? {
        let slot = slot(of: name, Self.hash(name, seed))
        return slots[slot] == 0 ? nil : Int(slots[slot]) - 1
    }

    /// Where a text's number stands, or a free place where it would.
    @inline(__always)
    private func slot(of name: Span<UInt8>, _ hash: UInt64) -> Int {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            let number = Int(slots[slot]) - 1
            if entries[number].hash == hash, self[number].equals(name) { break }
            slot = (slot + 1) & mask
        }
        return slot
    }

    /// The numbers in the order of their texts' bytes.
    func sorted() -> [Int] {
        // The first bytes as integers decide most comparisons.
        var keys = entries.indices.map { number in
            (first: prefix(number, 0), second: prefix(number, 8), number: number)
        }
        keys.sort { a, b in
            if a.first != b.first { return a.first < b.first }
            if a.second != b.second { return a.second < b.second }
            return self[a.number].precedes(self[b.number])
        }
        return keys.map(\.number)
    }

    private func prefix(_ number: Int, _ offset: Int) -> UInt64 {
        let name = self[number]
        if let word = BigEndian.uint64(name, at: offset) { return word }
        var word: UInt64 = 0
        for i in 0..<8 {
            let at = offset + i
            word = word << 8 | (at < name.count ? UInt64(name[at]) : 0)
        }
        return word
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        mask = slots.count - 1
        for (number, entry) in entries.enumerated() {
            var slot = Int(truncatingIfNeeded: entry.hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(number + 1)
        }
    }

    /// Multiplies and folds eight bytes at a time.
    private static func hash(_ name: Span<UInt8>, _ seed: UInt64) -> UInt64 {
        var hash = seed ^ UInt64(name.count)
        var offset = 0
        while let word = LittleEndian.uint64(name, at: offset) {
            hash = mix(hash ^ word)
            offset += 8
        }
        var tail: UInt64 = 0
        while offset < name.count {
            tail = tail << 8 | UInt64(name[offset])
            offset += 1
        }
        return mix(hash ^ tail)
    }

    private static func mix(_ word: UInt64) -> UInt64 {
        let product = word.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }
}
