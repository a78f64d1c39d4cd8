internal import Bytes
internal import Digest
internal import JSON
package import Ledger
internal import POSIX

/// From where on a start has to read the log: derived, so that to lose it costs one longer reading.
package struct DeliveryMark: Sendable {
    /// Where a rule's book begins.
    struct Place: Sendable, Equatable {
        let start: UInt64
        /// The sequence of the terms in force there.
        let terms: UInt64?
        let isPaused: Bool
        let isDisabled: Bool

        /// The book, if the terms can still be read.
        func book(_ name: String, _ snapshot: borrowing Snapshot) throws -> DeliveryBook? {
            var inForce: (UInt64, DeliveryTerms)?
            if let terms {
                guard let read = try snapshot.terms(at: terms) else { return nil }
                inForce = (terms, read)
            }
            return DeliveryBook(
                name: name,
                start: start,
                terms: inForce,
                isPaused: isPaused,
                isDisabled: isDisabled
            )
        }
    }

    /// The places by the rule's name.
    let places: [String: Place]
    /// The log's size when they were noted, and the leaf hash of the line before: of another log,
    /// or one that was cut, they say nothing.
    let position: UInt64
    let leaf: String

    /// The file's path in a ledger's folder.
    package static func file(_ ledger: String) -> String { "\(ledger)/views/deliveries" }

    /// Notes where the books would have to begin.
    init?(_ books: DeliveryBooks, _ snapshot: borrowing Snapshot) throws {
        guard books.position > 0, let line = try snapshot.line(at: books.position - 1) else {
            return nil
        }
        leaf = SHA256.leaf(line.bytes).description
        position = books.position
        var places: [String: Place] = [:]
        for book in books.books {
            let start = book.lowWater ?? book.position
            places[book.name] = Place(
                start: start,
                terms: book.termsInForce(at: start),
                isPaused: book.isPaused,
                isDisabled: book.isDisabled
            )
        }
        self.places = places
    }

    /// Reads a ledger's file; `nil` if there is none, or none of this log.
    package static func load(
        ledger: String,
        _ snapshot: borrowing Snapshot
    ) throws -> DeliveryMark? {
        guard let bytes = try? Files.read(file(ledger), limit: DeliveryLimits.markBytes) else {
            return nil
        }
        var parser = JSONParser(maximumDepth: 3, maximumBytes: DeliveryLimits.markBytes)
        guard let value = try? parser.parse(bytes.span), let mark = DeliveryMark(value),
            let line = try snapshot.line(at: mark.position - 1),
            SHA256.leaf(line.bytes).description == mark.leaf
        else { return nil }
        return mark
    }

    private init?(_ value: JSONValue) {
        guard value.member("version")?.uint64 == 1, let leaf = value.member("leaf")?.string,
            let position = value.member("position")?.uint64, position > 0,
            let rules = value.member("rules")
        else { return nil }
        var places: [String: Place] = [:]
        rules.forEachMember { member in
            let value = member.value
            guard let start = value.member("start")?.uint64, start <= position else { return }
            places[member.name] = Place(
                start: start,
                terms: value.member("terms")?.uint64,
                isPaused: value.member("paused")?.uint64 == 1,
                isDisabled: value.member("disabled")?.uint64 == 1
            )
        }
        self.leaf = leaf
        self.position = position
        self.places = places
    }

    /// Replaces a ledger's file.
    func save(ledger: String) throws(SystemError) {
        var rules = CanonicalObject()
        for (name, place) in places.sorted(by: { $0.key < $1.key }) {
            var rule = CanonicalObject()
            rule.add("disabled", place.isDisabled ? UInt64(1) : nil)
            rule.add("paused", place.isPaused ? UInt64(1) : nil)
            rule.add("start", place.start)
            rule.add("terms", place.terms)
            rules.add(name, rule)
        }
        var mark = CanonicalObject()
        mark.add("leaf", leaf)
        mark.add("position", position)
        mark.add("rules", rules)
        mark.add("version", UInt64(1))
        let path = Self.file(ledger)
        try Files.makeFolder(Files.parent(of: path))
        try Files.replace(path, with: mark.bytes)
    }
}
