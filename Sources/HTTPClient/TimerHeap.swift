/// What is to happen at some moment, the soonest first; of one moment, in the order of adding.
struct TimerHeap<Value> {
    /// Names an entry until it is taken or removed.
    struct Token {
        fileprivate let slot: Int
    }

    private struct Entry {
        let moment: UInt64
        let order: UInt64
        let slot: Int
        let value: Value
    }

    private var heap: [Entry] = []
    /// Where each slot's entry stands in the heap.
    private var positions: [Int] = []
    private var freeSlots: [Int] = []
    private var added: UInt64 = 0

    /// When the first is due.
    var soonest: UInt64? { heap.first?.moment }

    mutating func add(_ value: Value, at moment: UInt64) -> Token {
        let slot = freeSlots.popLast() ?? positions.count
        if slot == positions.count { positions.append(0) }
        added += 1
        heap.append(Entry(moment: moment, order: added, slot: slot, value: value))
        rise(heap.count - 1)
        return Token(slot: slot)
    }

    mutating func remove(_ token: Token) {
        take(at: positions[token.slot])
    }

    /// The first, if it is due.
    mutating func next(at now: UInt64) -> Value? {
        guard let first = heap.first, first.moment <= now else { return nil }
        take(at: 0)
        return first.value
    }

    private mutating func take(at position: Int) {
        freeSlots.append(heap[position].slot)
        let last = heap.removeLast()
        guard position < heap.count else { return }
        heap[position] = last
        positions[last.slot] = position
        rise(position)
        sink(positions[last.slot])
    }

    private static func isBefore(_ one: Entry, _ other: Entry) -> Bool {
        (one.moment, one.order) < (other.moment, other.order)
    }

    private mutating func rise(_ start: Int) {
        var position = start
        let entry = heap[position]
        while position > 0 {
            let parent = (position - 1) / 2
            guard Self.isBefore(entry, heap[parent]) else { break }
            heap[position] = heap[parent]
            positions[heap[position].slot] = position
            position = parent
        }
        heap[position] = entry
        positions[entry.slot] = position
    }

    private mutating func sink(_ start: Int) {
        var position = start
        let entry = heap[position]
        while true {
            var child = 2 * position + 1
            if child + 1 < heap.count, Self.isBefore(heap[child + 1], heap[child]) { child += 1 }
            guard child < heap.count, Self.isBefore(heap[child], entry) else { break }
            heap[position] = heap[child]
            positions[heap[position].slot] = position
            position = child
        }
        heap[position] = entry
        positions[entry.slot] = position
    }
}
