/// What the module bounds, and why.
enum Limits {
    /// Rows a table looks at before it chooses its widths; all that is ever held of a result.
    static let windowRows = 200

    /// Bytes gathered before they are written: few system calls, and little kept back.
    static let bufferBytes = 64 << 10

    /// Spaces between two columns of a table.
    static let gap = 2

    /// The columns of a terminal below which a shortened value says nothing.
    static let minimumColumn = 6

    /// The columns of a terminal that shortened values keep before a column is dropped for them.
    static let comfortableColumn = 16

    /// How far a table without a limit aligns: one long value must not push all others far away.
    static let unlimitedColumn = 120
}
