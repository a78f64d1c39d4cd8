internal import Bytes
package import Projections

/// A provider's own list against the log: what is missing, extra or different.
package struct ProviderReconciliation: Sendable {
    /// By class, then place in the list, then event.
    package private(set) var differences: [ProviderDifference] = []
    /// Records of the list, and those of them that cannot be read.
    package private(set) var listed: UInt64 = 0
    package private(set) var unreadable: UInt64 = 0
    /// Records that are not of the stretch of time or type that was asked about.
    package private(set) var outside: UInt64 = 0
    /// Records that agree with a webhook of the log, and those that agree with a fact which an
    /// earlier reconciliation appended.
    package private(set) var matched: UInt64 = 0
    package private(set) var appendedBefore: UInt64 = 0
    /// Matched records with an amount or status that the log has nothing to compare with.
    package private(set) var uncompared: UInt64 = 0
    /// Events of the source in the log.
    package private(set) var events: UInt64 = 0
    /// What the list comes to, and what the missing records do.
    package private(set) var theirs = MoneySums()
    package private(set) var missing = MoneySums()

    /// The missing records, by their places in the list.
    private(set) var missingRecords: [Int] = []
    private let query: ProviderQuery

    /// The source that is compared.
    package var source: String { query.source }

    /// Compares a list with the first `size` events of the log.
    package init(
        _ list: ProviderList,
        _ query: ProviderQuery,
        size: UInt64,
        views: Views,
        progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws {
        self.query = query
        let chosen = Self.chosen(list, query)
        var logged = try LoggedEvents(
            query,
            list,
            size: size,
            views: views,
            expected: Self.stretch(list, chosen, query),
            progress: progress
        )
        events = logged.events
        outside = UInt64(list.records.count - chosen.count)
        listed = UInt64(list.records.count + list.problems.count)
        unreadable = UInt64(list.problems.count)
        compare(list, chosen, &logged)
        addExtras(logged)
        for problem in list.problems {
            add(.unreadable, nil, problem.place, nil, nil, problem.what)
        }
        sort()
    }

    /// Whether a difference was found.
    package var isClean: Bool { differences.isEmpty }

    /// How many differences there are of a class.
    package func count(_ kind: ProviderDifference.Class) -> UInt64 {
        UInt64(differences.lazy.filter { $0.kind == kind }.count)
    }

    /// The records of the stretch of time and type that are asked about, by their places.
    private static func chosen(_ list: ProviderList, _ query: ProviderQuery) -> [Int] {
        list.records.indices.filter { index in
            let record = list.records[index]
            if let period = query.period, let time = record.time,
                time < period.start || time >= period.end
            {
                return false
            }
            guard let type = query.type, list.columns.type != nil else { return true }
            return record.type.map { LoggedEvents.fits(type, $0) } ?? false
        }
    }

    /// The stretch of time that the list is of: the period, or from its first moment to its last.
    private static func stretch(
        _ list: ProviderList,
        _ chosen: [Int],
        _ query: ProviderQuery
    ) -> ClosedRange<Timestamp>? {
        if let period = query.period {
            return period.start...Timestamp(microseconds: period.end.microseconds - 1)
        }
        let times = chosen.compactMap { list.records[$0].time }
        guard let first = times.min(), let last = times.max() else { return nil }
        // Lists tell whole seconds, events may tell fractions of the same one.
        return first...Timestamp(microseconds: last.microseconds + 999_999)
    }

    // MARK: - Comparing

    private mutating func compare(
        _ list: ProviderList,
        _ chosen: [Int],
        _ logged: inout LoggedEvents
    ) {
        var seen: [String: Int] = [:]
        for index in chosen {
            let record = list.records[index]
            if let amount = record.amount { theirs.add(amount) }
            if let first = seen.updateValue(index, forKey: record.id) {
                seen[record.id] = first
                addDuplicate(record, of: list.records[first])
                continue
            }
            guard let ours = logged.list(record.id) else {
                if let amount = record.amount { missing.add(amount) }
                missingRecords.append(index)
                let what = query.rows == nil ? "event" : "row"
                add(.missing, record, nil, "the log has no such \(what)")
                continue
            }
            guard let difference = difference(record, ours) else {
                if ours.isAppended { appendedBefore += 1 } else { matched += 1 }
                continue
            }
            add(.different, record, ours, difference)
        }
    }

    /// What differs; `nil` if nothing does.
    private mutating func difference(_ record: ListedRecord, _ ours: LoggedRecord) -> String? {
        var found: [String] = []
        var isCompared = true
        if let amount = record.amount {
            if ours.amounts.isEmpty {
                isCompared = false
            } else if !ours.amounts.contains(where: { agrees($0, amount) }) {
                let texts = Set(ours.amounts.map(\.text)).sorted()
                found.append(
                    "amount \(amount.text), in the log \(texts.joined(separator: " or "))"
                )
            }
        }
        if let status = record.status {
            if let word = ours.status {
                let mapped = query.words[status] ?? status
                if mapped.lowercased() != word.lowercased() {
                    found.append("status \(ListedValues.short(status)), in the log \(word)")
                }
            } else {
                isCompared = false
            }
        }
        if let type = record.type, let own = ours.type, type != own {
            found.append("type \(ListedValues.short(type)), in the log \(own)")
        }
        if !isCompared, found.isEmpty { uncompared += 1 }
        return found.isEmpty ? nil : found.joined(separator: "; ")
    }

    private func agrees(_ a: ExactAmount, _ b: ExactAmount) -> Bool {
        a.currency == b.currency && query.tolerance.allows(a.minor, b.minor, a.currency)
    }

    private mutating func addDuplicate(_ record: ListedRecord, of first: ListedRecord) {
        let isSame = record.amount == first.amount && record.status == first.status
        let what = isSame ? "again as" : "with another amount or status than"
        add(.duplicate, record, nil, "stands in the list \(what) at \(first.place)")
    }

    private mutating func addExtras(_ logged: LoggedEvents) {
        for (id, record) in logged.records
        where !record.isListed && record.isExpected && !record.isAppended {
            differences.append(
                ProviderDifference(
                    kind: .extra,
                    id: id,
                    place: nil,
                    sequence: record.sequence,
                    type: record.type,
                    theirs: nil,
                    ours: record.amounts.first,
                    what: "the list does not have it"
                )
            )
        }
    }

    private mutating func add(
        _ kind: ProviderDifference.Class,
        _ record: ListedRecord,
        _ ours: LoggedRecord?,
        _ what: String
    ) {
        differences.append(
            ProviderDifference(
                kind: kind,
                id: record.id,
                place: record.place,
                sequence: ours?.sequence,
                type: record.type ?? ours?.type,
                theirs: record.amount,
                ours: ours?.amounts.first,
                what: what
            )
        )
    }

    private mutating func add(
        _ kind: ProviderDifference.Class,
        _ id: String?,
        _ place: Int,
        _ sequence: UInt64?,
        _ type: String?,
        _ what: String
    ) {
        differences.append(
            ProviderDifference(
                kind: kind,
                id: id,
                place: place,
                sequence: sequence,
                type: type,
                theirs: nil,
                ours: nil,
                what: what
            )
        )
    }

    private mutating func sort() {
        let order = Dictionary(
            uniqueKeysWithValues: ProviderDifference.Class.allCases.enumerated().map { ($1, $0) }
        )
        differences.sort { a, b in
            let (x, y) = (order[a.kind] ?? 0, order[b.kind] ?? 0)
            if x != y { return x < y }
            if a.place != b.place { return (a.place ?? 0) < (b.place ?? 0) }
            return (a.sequence ?? 0, a.id ?? "") < (b.sequence ?? 0, b.id ?? "")
        }
    }
}
