/// Where the columns of a table stand, and which are left out for want of width.
struct TableLayout {
    /// One column's place on every line.
    struct Place {
        /// Its index among the writer's columns.
        let column: Int
        let start: Int
        let width: Int
        /// What the columns after it need to show anything at all, gaps included.
        let reserve: Int
        let isLast: Bool

        var end: Int { start + width }
    }

    let places: [Place]
    /// How much narrower than the terminal all columns are.
    let slack: Int
    /// The indices of columns that are left out, in order.
    let hidden: [Int]

    /// Chooses widths for values as wide as `natural`, so that lines take `width` at most.
    ///
    /// Columns marked so are left out before others get too narrow for comfort. Then the widest of
    /// those that may shrink is shrunk, again and again. What still has no room is left out from the
    /// right; the first column always stays.
    init(_ columns: [Column], natural: [Int], width: Int?) {
        var shown = Array(columns.indices)
        var widths = natural.map { max(1, min($0, width ?? Limits.unlimitedColumn)) }
        if let width {
            func least(_ floor: Int) -> Int {
                Self.total(
                    shown.map { columns[$0].mayShrink ? min(widths[$0], floor) : widths[$0] }
                )
            }
            while least(Limits.comfortableColumn) > width,
                let last = shown.last(where: { columns[$0].shrinking == .dropFirst })
            {
                shown.removeAll { $0 == last }
            }
            while shown.count > 1, least(Limits.minimumColumn) > width {
                let rest = shown.dropFirst()
                let last = rest.last { columns[$0].mayShrink } ?? shown[shown.count - 1]
                shown.removeAll { $0 == last }
            }
            let excess = Self.total(shown.map { widths[$0] }) - width
            Self.shrink(&widths, shown.filter { columns[$0].mayShrink }, by: excess)
        }
        places = Self.places(shown, widths)
        slack = max(0, (width ?? 0) - (places.last?.end ?? 0))
        hidden = columns.indices.filter { !shown.contains($0) }
    }

    private static func total(_ widths: [Int]) -> Int {
        widths.reduce(0, +) + Limits.gap * max(0, widths.count - 1)
    }

    /// Takes `excess` from the widest of `candidates`, one by one, while that leaves enough.
    private static func shrink(_ widths: inout [Int], _ candidates: [Int], by excess: Int) {
        for _ in 0..<max(0, excess) {
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }),
                widths[widest] > Limits.minimumColumn
            else { return }
            widths[widest] -= 1
        }
    }

    private static func places(_ shown: [Int], _ widths: [Int]) -> [Place] {
        var reserve = shown.dropFirst().reduce(0) { $0 + Limits.gap + least(widths[$1]) }
        var start = 0
        var places: [Place] = []
        for (i, column) in shown.enumerated() {
            if i > 0 { reserve -= Limits.gap + least(widths[column]) }
            places.append(
                Place(
                    column: column,
                    start: start,
                    width: widths[column],
                    reserve: reserve,
                    isLast: i == shown.count - 1
                )
            )
            start += widths[column] + Limits.gap
        }
        return places
    }

    private static func least(_ width: Int) -> Int { min(width, Limits.minimumColumn) }
}

extension Column {
    fileprivate var mayShrink: Bool { shrinking == .end || shrinking == .middle }
}
