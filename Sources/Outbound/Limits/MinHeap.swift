/// A heap that gives the least first; adding and taking cost the logarithm of its size.
struct MinHeap<Element: Comparable & Sendable>: Sendable {
    private var items: [Element] = []

    var count: Int { items.count }
    var first: Element? { items.first }

    mutating func insert(_ element: Element) {
        items.append(element)
        var index = items.count - 1
        while index > 0, items[index] < items[(index - 1) / 2] {
            items.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func popFirst() -> Element? {
        guard let first = items.first, let last = items.popLast() else { return nil }
        guard !items.isEmpty else { return first }
        items[0] = last
        sink(0)
        return first
    }

    /// Keeps those of which it holds; costs a look at each.
    mutating func filter(_ isKept: (Element) -> Bool) {
        items = items.filter(isKept)
        for index in stride(from: items.count / 2 - 1, through: 0, by: -1) { sink(index) }
    }

    private mutating func sink(_ start: Int) {
        var index = start
        while true {
            var least = index
            for child in (2 * index + 1)...(2 * index + 2)
            where child < items.count && items[child] < items[least] {
                least = child
            }
            guard least != index else { return }
            items.swapAt(index, least)
            index = least
        }
    }
}
