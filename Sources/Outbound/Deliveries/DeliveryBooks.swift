package import Bytes
package import Ledger

/// The books of all rules, at one place of the log.
package struct DeliveryBooks: Sendable {
    /// One for each rule.
    package internal(set) var books: [DeliveryBook]
    /// The sequence of the next line to take.
    package private(set) var position: UInt64
    /// When the last line that was taken was recorded.
    package private(set) var newest: Timestamp?

    /// Takes the books as they begin.
    package init(_ books: [DeliveryBook]) {
        self.books = books
        position = books.map(\.position).min() ?? 0
    }

    /// Opens the books of rules at the places that a mark knows, or where the log first names them.
    ///
    /// A rule that the log does not know yet begins at the log's end.
    package init(
        names: [String],
        _ mark: DeliveryMark?,
        _ snapshot: borrowing Snapshot
    ) throws {
        var books: [DeliveryBook] = []
        for name in names {
            if let place = mark?.places[name], let book = try place.book(name, snapshot) {
                books.append(book)
                continue
            }
            let first = try snapshot.sequence(
                source: AdminEvent.source,
                id: DeliveryEvent.firstID(ofRule: name)
            )
            books.append(DeliveryBook(name: name, start: try first ?? snapshot.size))
        }
        self.init(books)
        if books.isEmpty { position = try snapshot.size }
    }

    /// Takes the lines that the log has and the books have not, at most `limit`.
    ///
    /// `changed` learns what becomes of each rule's events.
    /// - Returns: whether the books stand at the log's end.
    package mutating func follow(
        _ snapshot: borrowing Snapshot,
        limit: UInt64 = .max,
        chance: () -> Double,
        changed: (_ rule: String, DeliveryChange) -> Void = { _, _ in }
    ) throws -> Bool {
        let size = try snapshot.size
        guard position < size else { return true }
        let end = position + min(limit, size - position)
        var cursor = try snapshot.events(in: position..<end)
        while try cursor.next() {
            let line = cursor.line
            for index in books.indices {
                let changes = try books[index].take(
                    line,
                    at: cursor.sequence,
                    snapshot,
                    chance: chance
                )
                for change in changes { changed(books[index].name, change) }
            }
            newest = line.recordedTime ?? newest
            position = cursor.sequence + 1
        }
        return position >= size
    }

    /// Takes back an attempt that could not be begun.
    mutating func postpone(_ attempt: DeliveryAttempt, until moment: Timestamp) {
        guard let index = books.firstIndex(where: { $0.name == attempt.rule }) else { return }
        books[index].postpone(attempt.sequence, until: moment)
    }
}
