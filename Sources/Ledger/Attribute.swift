internal import Bytes

/// The attributes a line may have, in the order of canonical JSON (RFC 8785: by key).
///
/// The raw value is the place in that order.
package enum Attribute: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case attempt, authid, authtype, bodyhash, bodysize, causationid, correlationid
    case datacontenttype, durationms, errors, id, kind, method, outcome, part, path, prevhash
    case provider, ratelimit, reason, recordedtime, records, sequence, service, source
    case specversion, status, subject, sync, time, traceparent, type

    /// The attribute's name as it stands in the line.
    package var name: String { Self.names[Int(rawValue)] }

    /// Whether the value is a JSON number (a non-negative integer) instead of a string.
    package var isInteger: Bool {
        switch self {
        case .attempt, .bodysize, .durationms, .errors, .records, .status: true
        default: false
        }
    }

    /// Whether the attribute stands in every line.
    package var isRequired: Bool {
        switch self {
        case .id, .kind, .outcome, .prevhash, .recordedtime, .sequence, .source, .specversion,
            .type:
            true
        default: false
        }
    }

    private static let names = allCases.map { "\($0)" }
}

/// The names of attributes as they are compared: the first eight bytes as a word, and the length.
///
/// No two attributes agree in both.
///
/// A class, as a copy of its tables would cost more than a look-up in them.
final class AttributeNames: Sendable {
    /// Attributes plus one by a hash that no two of them share; 0 for none.
    private let slots: InlineArray<256, UInt8>
    private let words: InlineArray<32, UInt64>
    private let lengths: InlineArray<32, UInt8>
    private let multiplier: UInt64

    static let all = AttributeNames()

    private init() {
        var words = InlineArray<32, UInt64>(repeating: 0)
        var lengths = InlineArray<32, UInt8>(repeating: 0)
        for (index, attribute) in Attribute.allCases.enumerated() {
            words[index] = Self.word(attribute.name.utf8Span.span)
            lengths[index] = UInt8(attribute.name.utf8.count)
        }
        // A few tries find a multiplier without collisions among so few names.
        var multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15
        var slots = Self.slots(words, lengths, multiplier)
        while slots == nil {
            multiplier = multiplier &* 0xD134_2543_DE82_EF95 &+ 2
            slots = Self.slots(words, lengths, multiplier)
        }
        self.words = words
        self.lengths = lengths
        self.multiplier = multiplier
        self.slots = slots ?? InlineArray(repeating: 0)
    }

    private static func slots(
        _ words: InlineArray<32, UInt64>,
        _ lengths: InlineArray<32, UInt8>,
        _ multiplier: UInt64
    ) -> InlineArray<256, UInt8>? {
        var slots = InlineArray<256, UInt8>(repeating: 0)
        for index in Attribute.allCases.indices {
            let slot = slot(words[index], Int(lengths[index]), multiplier)
            if slots[slot] != 0 { return nil }
            slots[slot] = UInt8(index + 1)
        }
        return slots
    }

    @inline(__always)
    private static func slot(_ word: UInt64, _ length: Int, _ multiplier: UInt64) -> Int {
        Int(truncatingIfNeeded: ((word ^ UInt64(length)) &* multiplier) >> 56)
    }

    /// The attribute called `name`, which begins with the bytes of `word`, that comes after `last`
    /// in canonical order; `nil` if none does.
    @inline(__always)
    func find(
        _ name: Span<UInt8>,
        _ word: UInt64,
        after last: Attribute?
    ) -> Attribute? {
        let index = Int(slots[Self.slot(word, name.count, multiplier)]) - 1
        guard index >= 0, words[index] == word, Int(lengths[index]) == name.count,
            let attribute = Attribute(rawValue: UInt8(index))
        else { return nil }
        if let last, last.rawValue >= attribute.rawValue { return nil }
        // Eight bytes say it all but for a name that nobody has yet.
        return name.count <= 8 || name.equals(attribute.name.utf8Span.span) ? attribute : nil
    }

    private static func word(_ name: Span<UInt8>) -> UInt64 {
        if let word = LittleEndian.uint64(name, at: 0) { return word }
        var word: UInt64 = 0
        for i in name.indices { word |= UInt64(name[i]) << UInt64(8 * i) }
        return word
    }
}

/// What an event is about to say of itself (DESIGN: `kind`).
package enum Kind: String, CaseIterable, Sendable {
    case webhook, call, delivery, sync, fact, admin
}

/// What became of an event (DESIGN: `outcome`).
package enum Outcome: String, CaseIterable, Sendable {
    case accepted, rejected, duplicate, conflict, succeeded, failed

    /// Whether an event with this outcome takes effect and owns its (source, id).
    package var takesEffect: Bool {
        switch self {
        case .accepted, .succeeded, .failed: true
        case .rejected, .duplicate, .conflict: false
        }
    }
}
