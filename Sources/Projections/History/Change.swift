/// What became of one column.
package struct Change: Hashable, Sendable {
    package let column: String
    /// `nil` where nothing was said.
    package let old: ColumnValue?
    package let new: ColumnValue?
    /// The event that made it so, where one can be told.
    package let sequence: UInt64?

    /// What differs between two states of a row; either may be none.
    package static func between(_ old: Row?, _ new: Row?) -> [Change] {
        guard let names = (new ?? old)?.cells.map(\.name) else { return [] }
        return names.compactMap { name in
            let before = old?[name]
            let cell = new?.cells.first { $0.name == name }
            guard before != cell?.value else { return nil }
            return Change(
                column: name,
                old: before,
                new: cell?.value,
                sequence: cell?.stamp?.sequence
            )
        }
    }
}
