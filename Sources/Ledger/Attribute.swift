internal import Bytes

/// The attributes a line may have, in the order of canonical JSON (RFC 8785: by key).
///
/// The raw value is the place in that order.
package enum Attribute: UInt8, CaseIterable, Sendable {
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
struct AttributeNames: Sendable {
    private let words: [UInt64]
    private let lengths: [Int]

    static let all = AttributeNames()

    private init() {
        words = Attribute.allCases.map { Self.word($0.name.utf8Span.span) }
        lengths = Attribute.allCases.map { $0.name.utf8.count }
    }

    /// The attribute called `name` that comes after `last` in canonical order; `nil` if none does.
    func find(_ name: Span<UInt8>, after last: Attribute?) -> Attribute? {
        let word = Self.word(name)
        var index = last.map { Int($0.rawValue) + 1 } ?? 0
        while index < words.count {
            if words[index] == word, lengths[index] == name.count {
                guard let attribute = Attribute(rawValue: UInt8(index)) else { return nil }
                // Eight bytes say it all but for a name that nobody has yet.
                return name.count <= 8 || name.equals(attribute.name.utf8Span.span)
                    ? attribute : nil
            }
            index += 1
        }
        return nil
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
