/// A column of rows: what it is called and how a table may squeeze it.
package struct Column: Hashable, Sendable {
    /// The side at which values line up.
    package enum Alignment: Sendable {
        /// As text is read.
        case left
        /// As numbers are compared.
        case right
    }

    /// What a table does to the column when the terminal is too narrow.
    package enum Shrinking: Sendable {
        /// Shows values whole as long as anything else can give way.
        case keep
        /// Cuts the end of long values.
        case end
        /// Cuts the middle of long values, for hashes and ids, which differ at either end.
        case middle
        /// Leaves the column out before others become hard to read.
        case dropFirst
    }

    /// The key in JSON and the heading in CSV; unique among the columns of one writer.
    package let name: String
    /// The heading in a table.
    package let title: String
    /// The side at which values line up in a table.
    package let alignment: Alignment
    /// What a table does to the column when the terminal is too narrow.
    package let shrinking: Shrinking

    /// Describes a column; its title is its name unless given.
    package init(
        _ name: String,
        title: String? = nil,
        alignment: Alignment = .left,
        shrinking: Shrinking = .end
    ) {
        self.name = name
        self.title = title ?? name
        self.alignment = alignment
        self.shrinking = shrinking
    }
}
