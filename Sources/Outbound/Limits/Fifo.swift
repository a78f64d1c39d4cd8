/// A queue: what is put in first comes out first, each in constant time over many.
struct Fifo<Element: Sendable>: Sendable {
    private var items: [Element] = []
    private var head = 0

    /// Below so many left-overs it is not worth moving the rest.
    private static var leastLeftOver: Int { 32 }

    var count: Int { items.count - head }
    var isEmpty: Bool { head == items.count }
    var first: Element? { isEmpty ? nil : items[head] }
    var last: Element? { isEmpty ? nil : items.last }

    /// Counts from the oldest.
    subscript(index: Int) -> Element { items[head + index] }

    mutating func append(_ element: Element) {
        items.append(element)
    }

    /// Changes the youngest, of which there must be one.
    mutating func replaceLast(_ element: Element) {
        items[items.count - 1] = element
    }

    mutating func popFirst() -> Element? {
        guard let first else { return nil }
        head += 1
        if head >= Self.leastLeftOver, head * 2 >= items.count {
            items.removeFirst(head)
            head = 0
        }
        return first
    }

    /// Keeps those of which it holds, in their order; costs a look at each.
    mutating func filter(_ isKept: (Element) -> Bool) {
        items = items[head...].filter(isKept)
        head = 0
    }

    /// How many of the oldest it holds of; it must hold of none behind one of which it does not.
    func prefixCount(while holds: (Element) -> Bool) -> Int {
        var range = 0..<count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range =
                holds(self[middle])
                ? (middle + 1)..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }
}
