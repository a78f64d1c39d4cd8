/// What is to happen, in the order of its moments; what is put in first comes first among equals.
struct Agenda<Item> {
    private var items: [(moment: Int64, number: Int, item: Item)] = []
    private var number = 0

    var first: Int64? { items.first?.moment }

    private func isBefore(_ a: Int, _ b: Int) -> Bool {
        (items[a].moment, items[a].number) < (items[b].moment, items[b].number)
    }

    mutating func add(_ item: Item, at moment: Int64) {
        number += 1
        items.append((moment, number, item))
        var index = items.count - 1
        while index > 0, isBefore(index, (index - 1) / 2) {
            items.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func next() -> Item? {
        guard let first = items.first else { return nil }
        items.swapAt(0, items.count - 1)
        items.removeLast()
        var index = 0
        while true {
            var least = index
            for child in (2 * index + 1)...(2 * index + 2)
            where child < items.count && isBefore(child, least) {
                least = child
            }
            guard least != index else { return first.item }
            items.swapAt(index, least)
            index = least
        }
    }
}
