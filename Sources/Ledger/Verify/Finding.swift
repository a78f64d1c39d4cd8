/// Something a check found.
package struct Finding: Sendable, Equatable {
    /// How grave it is.
    package enum Kind: String, Sendable {
        /// What is there is not what was written.
        case manipulation
        /// Something that was written is not there.
        case gap
        /// Worth knowing, and no proof of anything wrong.
        case notice
    }

    /// Where it shows.
    package enum Place: Sendable, Equatable {
        case sequence(UInt64)
        case checkpoint(UInt64)
        case tile(level: Int, index: UInt64)
        case ledger(String)
    }

    package let kind: Kind
    package let place: Place
    /// What was checked.
    package let what: String
    package let expected: String
    package let found: String

    package init(_ kind: Kind, _ place: Place, _ what: String, expected: String, found: String) {
        self.kind = kind
        self.place = place
        self.what = what
        self.expected = expected
        self.found = found
    }
}

extension Finding.Place: CustomStringConvertible {
    package var description: String {
        switch self {
        case .sequence(let sequence): "event \(sequence)"
        case .checkpoint(let size): "checkpoint \(size)"
        case .tile(let level, let index): "tile \(level)/\(index)"
        case .ledger(let name): name
        }
    }

    /// For sorting: findings are shown in the order of the log.
    var order: UInt64 {
        switch self {
        case .sequence(let sequence): sequence
        case .checkpoint(let size): size
        case .tile(let level, let index): index << UInt64(8 * (level + 1))
        case .ledger: .max
        }
    }
}

/// Findings as they come in, with a bound on how many are kept; all are counted.
struct Findings: Sendable {
    private(set) var kept: [Finding] = []
    private(set) var counts: [Finding.Kind: Int] = [:]
    private static let limit = 1000

    mutating func add(_ finding: Finding) {
        counts[finding.kind, default: 0] += 1
        if kept.count < Self.limit { kept.append(finding) }
    }

    mutating func add(_ other: Findings) {
        for (kind, count) in other.counts { counts[kind, default: 0] += count }
        kept.append(contentsOf: other.kept.prefix(Self.limit - kept.count))
    }
}
