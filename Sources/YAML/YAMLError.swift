/// Where something stands in a file, counted from 1; columns count characters.
package struct YAMLPlace: Hashable, Sendable {
    /// The file's name as it was given for messages.
    package let file: String
    /// The line.
    package let line: Int
    /// The column.
    package let column: Int

    /// Makes a place from a file's name, a line and a column.
    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }
}

/// Why a file is refused: what was found at which place, and what was expected there.
package struct YAMLError: Error, Hashable, Sendable {
    /// Where it was found.
    package let place: YAMLPlace
    /// What was found.
    package let what: String
    /// What belongs there, if that can be told.
    package let expected: String?

    /// Makes an error; `what` and `expected` are lower-case phrases without a full stop.
    package init(at place: YAMLPlace, _ what: String, expected: String? = nil) {
        self.place = place
        self.what = what
        self.expected = expected
    }
}

extension YAMLError: CustomStringConvertible {
    /// One line for people: `daybook.yaml:12:5: duplicate key "listen", first at line 3`.
    package var description: String {
        let found = "\(place.file):\(place.line):\(place.column): \(what)"
        guard let expected else { return found }
        return "\(found), expected \(expected)"
    }
}
