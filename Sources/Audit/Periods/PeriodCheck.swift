internal import Bytes
internal import Ledger
package import Projections

/// A closing's figures, worked out again from the log and compared.
package struct PeriodCheck: Sendable {
    /// What became of a figure.
    package enum Result: String, Sendable {
        case same
        /// The log does not give what was signed.
        case differs
        /// A definition was replaced since, or its version dropped: it is not comparable.
        case replaced
        /// Bodies were erased since, of which an event tells: it is not comparable.
        case erased
    }

    /// A figure as closed and as it is now.
    package struct Row: Sendable {
        package let name: String
        package let closed: String?
        package let now: String?
        package let result: Result
    }

    package let closed: ClosedPeriod
    /// In the order of the statement.
    package let rows: [Row]

    /// Whether nothing differs that can be compared.
    package var holds: Bool { !rows.contains { $0.result == .differs } }

    /// Works the figures out again.
    package init(_ closed: ClosedPeriod, views: Views) throws {
        self.closed = closed
        let end = try views.ledger.read { try $0.size }
        guard closed.size <= end else {
            throw LedgerError.beyondEnd(sequence: closed.size - 1, size: end)
        }
        // A version that is still stored answers as it did.
        let stored = Set(try views.versions().map { "\($0.name) \($0.version)" })
        let versions = closed.definitions.mapValues(\.version).filter {
            stored.contains("\($0.key) \($0.value)")
        }
        let statement = try PeriodStatement(
            closed.act.period,
            size: closed.size,
            views: views,
            answering: versions
        )
        let was = try closed.figures().filter { $0.name != "early" && $0.name != "tool" }
        let json = statement.json()
        let now = try Figures.list(json.span)
        let replaced = Self.replaced(closed, statement, versions)
        let isErased = try Self.erasedSince(closed, views.ledger)
        rows = Self.compare(was, now) { name, isThere in
            if name == "bodiless", isErased { return .erased }
            guard let figure = Derived(name) else { return .differs }
            if replaced.definitions.contains(figure.projection), figure.kind != .digest {
                return .replaced
            }
            if figure.kind == .digest, replaced.digests.contains(figure.projection) {
                return .replaced
            }
            // A projection that is new since has no figures as closed.
            if !isThere, closed.definitions[figure.projection] == nil { return .replaced }
            return isErased && figure.kind != .definition ? .erased : .differs
        }
    }

    /// The projections whose amounts, and those whose digests, cannot be had as they were.
    private static func replaced(
        _ closed: ClosedPeriod,
        _ statement: PeriodStatement,
        _ versions: [String: Int]
    ) -> (definitions: Set<String>, digests: Set<String>) {
        let answering = Dictionary(
            uniqueKeysWithValues: statement.definitions.map { ($0.name, $0.hash) }
        )
        let names = Set(closed.definitions.keys).union(answering.keys)
        let definitions = names.filter { answering[$0] != closed.definitions[$0]?.hash }
        return (definitions, names.filter { versions[$0] == nil })
    }

    /// Whether bodies that were there at the closing are gone by an event that tells of it.
    private static func erasedSince(
        _ closed: ClosedPeriod,
        _ ledger: Ledger
    ) throws -> Bool {
        try ledger.read { snapshot in
            var events = try snapshot.events(in: 0..<closed.size)
            while try events.next() {
                guard events.line.raw(.bodyhash) != nil else { continue }
                if events.body != nil { continue }
                let event = try snapshot.erasure(of: events.sequence)
                if let event, event >= closed.size { return true }
            }
            return false
        }
    }

    /// Both lists in the order of the first, what only the second has at the end.
    private static func compare(
        _ was: [Figure],
        _ now: [Figure],
        otherwise: (_ name: String, _ isThere: Bool) -> Result
    ) -> [Row] {
        // A name may stand for several figures where texts of others make it.
        var rest = Dictionary(grouping: now, by: \.name).mapValues { $0.map(\.value) }
        var rows = was.map { figure in
            var values = rest[figure.name] ?? []
            let value = values.isEmpty ? nil : values.removeFirst()
            rest[figure.name] = values
            let isSame = value == figure.value
            return Row(
                name: figure.name,
                closed: figure.value,
                now: value,
                result: isSame ? .same : otherwise(figure.name, true)
            )
        }
        for figure in now {
            guard let value = rest[figure.name]?.first else { continue }
            rest[figure.name]?.removeFirst()
            let result = otherwise(figure.name, false)
            rows.append(Row(name: figure.name, closed: nil, now: value, result: result))
        }
        return rows
    }
}

/// A figure that a definition decides.
private struct Derived {
    enum Kind { case amount, digest, definition }

    let kind: Kind
    let projection: String

    /// `nil` for any other figure.
    init?(_ name: String) {
        let kinds: [(String, Kind)] = [
            ("definitions.", .definition), ("digests.", .digest), ("totals.amounts ", .amount),
        ]
        guard let (prefix, kind) = kinds.first(where: { name.hasPrefix($0.0) }) else { return nil }
        self.kind = kind
        let rest = name.dropFirst(prefix.count)
        guard kind == .amount else {
            projection = String(rest)
            return
        }
        // `COLUMN CURRENCY PROJECTION.count` or `.sum`
        let label = rest.split(separator: " ").last ?? ""
        projection = String(label.prefix { $0 != "." })
    }
}
