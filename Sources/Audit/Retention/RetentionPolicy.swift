package import Bytes
package import Ledger
package import YAML

/// How long events of a class are kept, as `retention:` in daybook.yaml says it.
package enum RetentionTime: Hashable, Sendable, CustomStringConvertible {
    /// Calendar years: to the same date.
    case years(Int)
    case days(Int)
    case forever

    /// What is accepted, for error texts.
    package static let expected = "7y, 400d or forever"
    /// Longer than any law asks for; a calendar of four digits still holds it.
    private static let yearsLimit = 200

    /// Reads a time; `nil` if it is none.
    package init?(_ text: String) {
        if text == "forever" {
            self = .forever
            return
        }
        guard let unit = text.last, let count = Decimal.parse(text.dropLast().utf8Span.span),
            count > 0
        else { return nil }
        switch unit {
        case "y" where count <= UInt64(Self.yearsLimit): self = .years(Int(count))
        case "d" where count <= UInt64(Self.yearsLimit * 366): self = .days(Int(count))
        default: return nil
        }
    }

    package var description: String {
        switch self {
        case .years(let count): "\(count)y"
        case .days(let count): "\(count)d"
        case .forever: "forever"
        }
    }

    /// The moment before which what was recorded is past its time; `nil` if nothing ever is.
    package func limit(at now: Timestamp) -> Timestamp? {
        switch self {
        case .forever: return nil
        case .days(let count):
            return Timestamp(microseconds: now.microseconds - Int64(count) * 86_400_000_000)
        case .years(let count):
            let text = now.rfc3339
            guard let year = Int(text.prefix(4)), year > count else { return nil }
            let digits = String(year - count)
            let then = String(repeating: "0", count: 4 - digits.count) + digits
            // The 29th of February has no same date in most years.
            return Timestamp(rfc3339: then + text.dropFirst(4))
                ?? Timestamp(rfc3339: then + "-02-28" + text.dropFirst(10))
        }
    }
}

/// How long events are kept, by their kind.
package struct RetentionPolicy: Sendable {
    /// What tax law asks for in most places that have one time for all.
    package static let usual = RetentionTime.years(7)
    /// The classes by their names in daybook.yaml.
    package static let classes: [(name: String, kind: Kind)] = [
        ("webhooks", .webhook), ("calls", .call), ("deliveries", .delivery), ("syncs", .sync),
        ("facts", .fact), ("admin", .admin),
    ]

    private var times: [Kind: RetentionTime] = [:]

    /// The usual time for every class.
    package init() {}

    /// Reads `retention:`; classes that it does not name are kept for the usual time.
    package init(_ node: YAMLNode) throws(YAMLError) {
        let keys = try node.mapping(allowed: Self.classes.map(\.name))
        for (name, kind) in Self.classes {
            guard let node = keys[name] else { continue }
            let text = try node.string
            guard let time = RetentionTime(text) else {
                throw node.mismatch(expected: RetentionTime.expected)
            }
            times[kind] = time
        }
    }

    /// How long events of a kind are kept.
    package func time(of kind: Kind) -> RetentionTime { times[kind] ?? Self.usual }
}
