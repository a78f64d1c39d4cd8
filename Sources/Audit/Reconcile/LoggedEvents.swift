internal import Bytes
internal import Ledger
internal import Projections

/// Reads what the log has of a source, to be compared with the provider's list.
struct LoggedEvents {
    private let query: ProviderQuery
    private let list: ProviderList
    private let size: UInt64
    /// By the id that the list would have.
    private(set) var records: [String: LoggedRecord] = [:]
    /// Events of the source, facts of earlier reconciliations apart.
    private(set) var events: UInt64 = 0

    /// Reads the first `size` events: those of the source, or the rows that they shaped.
    init(
        _ query: ProviderQuery,
        _ list: ProviderList,
        size: UInt64,
        views: Views,
        expected: ClosedRange<Timestamp>?,
        progress: (UInt64, UInt64) -> Void
    ) throws {
        self.query = query
        self.list = list
        self.size = size
        if let rows = query.rows {
            try readRows(rows, views, expected, progress)
        } else {
            try readEvents(views.ledger, expected, progress)
            if !list.isJSON, list.columns.amount != nil { try readAmounts(views) }
        }
    }

    // MARK: - Events

    private mutating func readEvents(
        _ ledger: Ledger,
        _ expected: ClosedRange<Timestamp>?,
        _ progress: (UInt64, UInt64) -> Void
    ) throws {
        var reader = try Self.reader(list)
        let facts = ProviderQuery.factSource(query.source)
        try ledger.read { snapshot in
            var walk = try snapshot.events(in: 0..<size)
            while try walk.next() {
                let sequence = walk.sequence
                if sequence & 0xFFF == 0 { progress(sequence, size) }
                let line = walk.line
                guard let source = line.raw(.source) else { continue }
                let isOurs = source.equals(query.source.utf8Span.span)
                guard isOurs || source.equals(facts.utf8Span.span),
                    line.outcome?.takesEffect == true
                else { continue }
                if isOurs { events += 1 }
                guard fits(line), let id = line.text(.id) else { continue }
                var record = LoggedRecord(sequence: sequence, name: id)
                record.type = line.text(.type)
                record.isAppended = !isOurs
                record.isExpected = Self.isExpected(line, expected)
                if reader != nil { Self.read(walk.body, &reader, list.columns, &record) }
                // The webhook itself is better than a fact that stood in for it.
                if let known = records[id], !known.isAppended { continue }
                records[id] = record
            }
        }
    }

    /// Reads amounts and statuses where the list's own paths lead to them.
    private static func reader(_ list: ProviderList) throws -> ElementReader? {
        guard list.isJSON, list.columns.amount != nil || list.columns.status != nil else {
            return nil
        }
        return try ElementReader(list.columns)
    }

    private static func read(
        _ body: Span<UInt8>?,
        _ reader: inout ElementReader?,
        _ columns: ListColumns,
        _ record: inout LoggedRecord
    ) {
        guard let body, let layout = BodyLayout(body),
            let values = try? reader?.values(parsed: body.extracting(layout.content))
        else {
            record.isReadable = false
            return
        }
        record.status = values.status
        guard let text = values.amount, let code = values.currency,
            let currency = Currency(code.utf8Span.span),
            let amount = ExactAmount(text, currency, isMinor: columns.isMinor)
        else { return }
        record.amounts = [amount]
    }

    private func fits(_ line: borrowing Line) -> Bool {
        guard let type = query.type else { return true }
        return Self.fits(type, line.text(.type) ?? "")
    }

    /// Whether a type fits what is asked about.
    static func fits(_ pattern: String, _ type: String) -> Bool { globMatches(pattern, type) }

    /// What the log has under an id of the list, which is marked as listed.
    mutating func list(_ id: String) -> LoggedRecord? {
        records[id]?.isListed = true
        return records[id]
    }

    /// Whether an event occurred, or else was recorded, in the stretch of time.
    private static func isExpected(
        _ line: borrowing Line,
        _ expected: ClosedRange<Timestamp>?
    ) -> Bool {
        guard let expected else { return true }
        return occurred(line).map(expected.contains) ?? true
    }

    private static func occurred(_ line: borrowing Line) -> Timestamp? {
        guard let text = line.raw(.time), let time = Timestamp(rfc3339: text) else {
            return line.recordedTime
        }
        return time
    }

    /// What the definitions that answer make of the events' money.
    private mutating func readAmounts(_ views: Views) throws {
        var ids: [UInt64: String] = [:]
        for (id, record) in records { ids[record.sequence] = id }
        try views.forEachAmount(in: 0..<size) { amount in
            guard let id = ids[amount.sequence] else { return }
            records[id]?.amounts.append(ExactAmount(Int128(amount.amount), amount.currency))
        }
    }

    // MARK: - Rows

    private mutating func readRows(
        _ rows: ProviderQuery.Rows,
        _ views: Views,
        _ expected: ClosedRange<Timestamp>?,
        _ progress: (UInt64, UInt64) -> Void
    ) throws {
        guard size > 0 else { return }
        let request = ViewRequest(rows.projection)
        let columns = try views.columns(request)
        for (column, isNeeded) in [
            (rows.amount, list.columns.amount != nil), (rows.status, list.columns.status != nil),
        ] where isNeeded && !columns.contains(column) {
            throw AuditProblem.usage(
                "\(rows.projection) has no column \"\(column)\", expected one of: "
                    + columns.joined(separator: ", ")
            )
        }
        let isOurs = try ours(views.ledger)
        try views.forEachRow(request, at: .asAt(sequence: size - 1), progress: progress) { row in
            guard row.key.hasPrefix(rows.prefix) else { return true }
            let stamps = row.cells.compactMap(\.stamp)
            guard stamps.contains(where: { isOurs[Int($0.sequence)] }) else { return true }
            let id = String(row.key.dropFirst(rows.prefix.count))
            let newest = stamps.map(\.sequence).max() ?? 0
            var record = LoggedRecord(sequence: newest, name: row.key)
            if case .money(let minor, let currency)? = row[rows.amount] {
                record.amounts = [ExactAmount(minor, currency)]
            }
            record.status = row[rows.status]?.readable
            if let expected {
                record.isExpected = stamps.contains {
                    expected.contains(Timestamp(microseconds: $0.at))
                }
            }
            records[id] = record
            return true
        }
    }

    /// For each event whether it is of the source.
    private mutating func ours(_ ledger: Ledger) throws -> [Bool] {
        var isOurs = [Bool](repeating: false, count: Int(size))
        let source = query.source
        var count: UInt64 = 0
        try ledger.read { snapshot in
            try snapshot.forEachLine(from: 0) { sequence, line in
                guard sequence < size else { return false }
                guard let name = line.raw(.source), name.equals(source.utf8Span.span) else {
                    return true
                }
                isOurs[Int(sequence)] = true
                count += 1
                return true
            }
        }
        events = count
        return isOurs
    }
}
