/// The members of a JSON object that holds strings and natural numbers only, under known names in a
/// known order: what a line of a log is.
///
/// It checks no more than it must to find them, in at most 65,535 bytes.
package struct FlatObject {
    /// Where each value begins, by its name's place: between the quotes, or the number's digits; 0
    /// for names that do not occur.
    package var starts = InlineArray<32, UInt16>(repeating: 0)
    /// Where each value ends.
    package var ends = InlineArray<32, UInt16>(repeating: 0)
    /// Where the walk ended: in a sound object at the closing brace.
    package var end = 1
    /// Whether a member has begun that is none.
    package var isBroken = false
    /// Where a name lies that is unknown or out of order; the walk ended there.
    package var unexpected: Int?

    /// Finds the members.
    package init(_ bytes: Span<UInt8>, _ names: FlatNames) { scan(bytes, names) }
}

/// Up to 32 names of at most 16 bytes, in the order in which a flat object has them.
///
/// A class, as a copy of its tables would cost more than a look-up in them.
package final class FlatNames: Sendable {
    /// Places plus one, by a hash that no two names share; 0 for none.
    private let slots: InlineArray<256, UInt8>
    private let firstWords: InlineArray<32, UInt64>
    private let secondWords: InlineArray<32, UInt64>
    private let multiplier: UInt64

    /// Takes the names.
    package init(_ names: [String]) {
        precondition(names.count <= 32 && names.allSatisfy { $0.utf8.count <= 16 })
        var firstWords = InlineArray<32, UInt64>(repeating: 0)
        var secondWords = InlineArray<32, UInt64>(repeating: 0)
        for (place, name) in names.enumerated() {
            firstWords[place] = Self.word(name.utf8.prefix(8))
            secondWords[place] = Self.word(name.utf8.dropFirst(8))
        }
        // A few tries find a multiplier without collisions among so few names.
        var multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15
        var slots = Self.slots(names, firstWords, multiplier)
        while slots == nil {
            multiplier = multiplier &* 0xD134_2543_DE82_EF95 &+ 2
            slots = Self.slots(names, firstWords, multiplier)
        }
        self.firstWords = firstWords
        self.secondWords = secondWords
        self.multiplier = multiplier
        self.slots = slots ?? InlineArray(repeating: 0)
    }

    /// The place of a name given as two words of eight bytes and its length; -1 if it is unknown.
    @inline(__always)
    func index(_ first: UInt64, _ second: UInt64, _ count: Int) -> Int {
        let place = Int(slots[Self.slot(first, count, multiplier)]) - 1
        guard place >= 0, count <= 16, firstWords[place] == first, secondWords[place] == second
        else { return -1 }
        return place
    }

    private static func slots(
        _ names: [String],
        _ words: InlineArray<32, UInt64>,
        _ multiplier: UInt64
    ) -> InlineArray<256, UInt8>? {
        var slots = InlineArray<256, UInt8>(repeating: 0)
        for (place, name) in names.enumerated() {
            let slot = slot(words[place], name.utf8.count, multiplier)
            if slots[slot] != 0 { return nil }
            slots[slot] = UInt8(place + 1)
        }
        return slots
    }

    @inline(__always)
    private static func slot(_ word: UInt64, _ count: Int, _ multiplier: UInt64) -> Int {
        Int(truncatingIfNeeded: ((word ^ UInt64(truncatingIfNeeded: count)) &* multiplier) >> 56)
    }

    private static func word(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64(8 * $1.offset) }
    }
}
