internal import Bytes

/// A number at the end of an id, and what stands before it: `order:1001` is 1001 of `order:`.
struct NumberedID: Hashable {
    /// What stands before the number; at most 32 bytes without digits.
    let prefix: String
    let number: UInt64

    /// Digits of a number: more are no count of anything.
    static let digitsLimit = 18
    /// Bytes before a number: more are no name of a series.
    static let prefixLimit = 32

    /// Takes an id apart; `nil` unless it is a name without digits and then a number.
    ///
    /// An id with digits elsewhere is a random one, or one of two numbers: neither is counted up.
    init?(_ id: String) {
        let bytes = Array(id.utf8)
        let digits = bytes.reversed().prefix { $0 &- 0x30 < 10 }.count
        let start = bytes.count - digits
        guard (1...Self.digitsLimit).contains(digits), start <= Self.prefixLimit,
            !bytes[..<start].contains(where: { $0 &- 0x30 < 10 })
        else { return nil }
        let text = Array(bytes[start...])
        guard let number = Decimal.parsePadded(text.span, digits: digits) else { return nil }
        prefix = String(decoding: bytes[..<start], as: UTF8.self)
        self.number = number
    }
}

/// Numbers that one sender counts up, as far as they came.
struct NumberRun {
    /// Numbers below which nothing can be said.
    static let leastCount = 20
    /// So many of ten numbers between the first and the last came at least: else the sender counts
    /// other things in between, and what is missing is not missing here.
    static let leastOfTen: UInt64 = 9

    private var entries: [(number: UInt64, sequence: UInt64)] = []

    mutating func add(_ number: UInt64, _ sequence: UInt64) {
        entries.append((number, sequence))
    }

    /// The numbers without repeats, each with the event that said it first; `nil` if they are too
    /// few or too far apart to be a run.
    consuming func settled() -> [(number: UInt64, sequence: UInt64)]? {
        guard entries.count >= Self.leastCount else { return nil }
        entries.sort { $0 < $1 }
        var distinct: [(number: UInt64, sequence: UInt64)] = []
        for entry in entries where distinct.last?.number != entry.number { distinct.append(entry) }
        guard distinct.count >= Self.leastCount, let first = distinct.first,
            let last = distinct.last,
            UInt64(distinct.count) * 10 >= (last.number - first.number + 1) * Self.leastOfTen
        else { return nil }
        return distinct
    }
}
