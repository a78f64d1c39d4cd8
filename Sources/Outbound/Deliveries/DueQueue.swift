internal import Bytes

/// Events by when they are due, then by their place in the log: a binary heap.
struct DueQueue: Sendable {
    struct Item: Sendable {
        let due: Timestamp
        let sequence: UInt64

        static func < (a: Item, b: Item) -> Bool {
            a.due == b.due ? a.sequence < b.sequence : a.due < b.due
        }
    }

    private var items: [Item] = []

    /// The item that is due first.
    var first: Item? { items.first }

    mutating func insert(_ item: Item) {
        var child = items.count
        items.append(item)
        while child > 0 {
            let parent = (child - 1) / 2
            guard items[child] < items[parent] else { return }
            items.swapAt(child, parent)
            child = parent
        }
    }

    mutating func removeFirst() {
        guard let last = items.popLast(), !items.isEmpty else { return }
        items[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < items.count && items[child] < items[least] {
                least = child
            }
            if least == parent { return }
            items.swapAt(parent, least)
            parent = least
        }
    }
}
