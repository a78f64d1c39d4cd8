internal import Bytes
internal import HTTPServer
internal import Ledger
internal import Projections

/// Answers questions out of the log and the views, within a token's scope.
struct ReadAnswers: Sendable {
    /// What is answered, and how many rows that shows.
    struct Reply: Sendable {
        let answer: HTTPAnswer
        let rows: UInt64

        init(_ body: [UInt8], rows: Int) {
            answer = HTTPAnswer(
                status: 200,
                headers: [("Content-Type", "application/json"), ("Cache-Control", "no-store")],
                body: body + [UInt8(ascii: "\n")]
            )
            self.rows = UInt64(rows)
        }

        init(_ problem: APIProblem) {
            answer = problem.answer
            rows = 0
        }
    }

    /// Lines that one request looks at: a second's work, after which the caller asks again.
    static let linesLookedAt: UInt64 = 1_000_000
    /// Bytes of rows or of a content in one answer.
    static let answerBytes = 8 << 20

    let ledger: Ledger
    let views: Views

    /// Answers a question of a caller, whose role suffices.
    func reply(to question: ReadQuestion, of caller: Caller) throws(APIProblem) -> Reply {
        do {
            switch question.subject {
            case .events(var query, let after):
                query.scope = try eventScope(caller)
                return try events(query, after: after, limit: question.limit)
            case .event(let sequence, let withBody):
                return try event(sequence, withBody, caller)
            case .proof(let sequence): return try proof(sequence, caller)
            case .rows(let projection, let conditions, let past, let after):
                try requireProjection(projection, caller)
                return try rows(projection, conditions, past, after, question.limit)
            case .row(let projection, let key, let past):
                try requireProjection(projection, caller)
                return try row(projection, key, past)
            }
        } catch let problem as APIProblem {
            throw problem
        } catch let error as ViewError {
            throw Self.problem(error)
        } catch LedgerError.beyondEnd {
            throw APIProblem(404, "no-event", "the log has no such event")
        } catch {
            throw APIProblem(500, "internal", "the book cannot be read: \(error)")
        }
    }

    private static func problem(_ error: ViewError) -> APIProblem {
        switch error {
        case .unknown, .noVersion: APIProblem(404, "unknown-projection", "\(error)")
        case .noRow: APIProblem(404, "no-row", "\(error)")
        case .building, .moving: .unavailable("building", "\(error)")
        default: APIProblem(500, "internal", "\(error)")
        }
    }

    // MARK: - Scope

    private func eventScope(_ caller: Caller) throws(APIProblem) -> EventScope? {
        guard let scope = caller.scope else { return nil }
        guard let events = scope.events else { throw .outOfScope(caller, "events") }
        return events
    }

    private func requireProjection(_ name: String, _ caller: Caller) throws(APIProblem) {
        guard caller.scope?.permits(projection: name) ?? true else {
            throw .outOfScope(caller, "rows of this projection")
        }
    }

    /// Refuses an event that is outside the scope as one that there is not.
    private func requireEvent(_ sequence: UInt64, _ caller: Caller) throws {
        let scope = try eventScope(caller)
        let isThere = try ledger.read { snapshot in
            guard let line = try snapshot.line(at: sequence) else { return false }
            return scope?.permits(line) ?? true
        }
        guard isThere else { throw APIProblem(404, "no-event", "the log has no such event") }
    }

    // MARK: - Events

    private func events(_ query: LogQuery, after: UInt64?, limit: Int) throws -> Reply {
        try ledger.read { snapshot in
            let size = try snapshot.size
            let range = try query.range(in: snapshot)
            let next = after.map { $0 == .max ? $0 : $0 + 1 } ?? 0
            let start = max(range.lowerBound, next)
            var body = Array("{\"events\":[".utf8)
            var count = 0
            var last: UInt64?
            try snapshot.forEachLine(from: start) { sequence, line in
                guard sequence < range.upperBound else { return false }
                last = sequence
                if query.matches(line) {
                    if count > 0 { body.append(UInt8(ascii: ",")) }
                    body.append(span: line.bytes)
                    count += 1
                }
                return count < limit && body.count < Self.answerBytes
                    && sequence - start < Self.linesLookedAt
            }
            body.append(ascii: "]")
            if let last, last + 1 < range.upperBound {
                body.append(ascii: ",\"next\":")
                Decimal.append(last, to: &body)
            }
            body.append(ascii: ",\"size\":")
            Decimal.append(size, to: &body)
            body.append(ascii: "}")
            return Reply(body, rows: count)
        }
    }

    private func event(_ sequence: UInt64, _ withBody: Bool, _ caller: Caller) throws -> Reply {
        try requireEvent(sequence, caller)
        let event = try ledger.event(at: sequence)
        var body = Array("{".utf8)
        if withBody {
            if let content = event.content {
                Self.append(content, to: &body)
            } else {
                body.append(ascii: "\"absent\":")
                CanonicalJSON.appendString(event.bodyAbsence, to: &body)
            }
            body.append(ascii: ",")
        }
        body.append(ascii: "\"leafhash\":")
        CanonicalJSON.appendString(event.leafHash.description, to: &body)
        body.append(ascii: ",\"line\":")
        body += event.line
        if withBody, let meta = event.meta {
            body.append(ascii: ",\"meta\":")
            body += meta
        }
        body.append(ascii: "}")
        return Reply(body, rows: 1)
    }

    private static func append(_ content: [UInt8], to body: inout [UInt8]) {
        if content.count > answerBytes {
            body.append(ascii: "\"absent\":")
            CanonicalJSON.appendString(
                "the content has \(content.count) bytes, more than \(answerBytes) that are "
                    + "answered here; ask \"daybook show SEQ --body\"",
                to: &body
            )
        } else if UTF8Check.isValid(content.span) {
            body.append(ascii: "\"content\":")
            CanonicalJSON.appendString(content.span, to: &body)
        } else {
            body.append(ascii: "\"content_base64\":\"")
            Base64.append(content.span, to: &body)
            body.append(ascii: "\"")
        }
    }

    private func proof(_ sequence: UInt64, _ caller: Caller) throws -> Reply {
        try requireEvent(sequence, caller)
        var object = CanonicalObject()
        object.add("leafhash", try ledger.event(at: sequence).leafHash.description)
        object.add("proof", try ledger.inclusionProofText(of: sequence))
        object.add("sequence", sequence)
        return Reply(object.bytes, rows: 1)
    }

    // MARK: - Rows

    private func rows(
        _ projection: String,
        _ conditions: [String],
        _ past: Past?,
        _ after: String?,
        _ limit: Int
    ) throws -> Reply {
        let request = ViewRequest(projection)
        let columns = try views.columns(request)
        let filter: RowFilter
        do throws(RowFilterProblem) {
            filter = try RowFilter(conditions, columns: columns)
        } catch {
            throw APIProblem.malformed("where: \(error)")
        }
        var body: [UInt8] = []
        var count = 0
        var last: String?
        var hasMore = false
        func show(_ row: Row) -> Bool {
            // Keys come in the order of their bytes.
            if let after, !after.utf8.lexicographicallyPrecedes(row.key.utf8) { return true }
            guard filter.holds(for: row) else { return true }
            hasMore = count == limit || body.count >= Self.answerBytes
            guard !hasMore else { return false }
            if count > 0 { body.append(UInt8(ascii: ",")) }
            Self.append(row, columns, to: &body)
            last = row.key
            count += 1
            return true
        }
        if let past {
            try views.forEachRow(request, at: past, show)
        } else {
            try views.forEachRow(request, show)
        }
        var text = Array("{".utf8)
        if hasMore, let last {
            text.append(ascii: "\"next\":")
            CanonicalJSON.appendString(last, to: &text)
            text.append(ascii: ",")
        }
        text.append(ascii: "\"projection\":")
        CanonicalJSON.appendString(projection, to: &text)
        text.append(ascii: ",\"rows\":[")
        text += body
        text.append(ascii: "]}")
        return Reply(text, rows: count)
    }

    private func row(_ projection: String, _ key: String, _ past: Past?) throws -> Reply {
        let request = ViewRequest(projection)
        let columns = try views.columns(request)
        let row: Row
        do {
            row =
                if let past {
                    try views.row(request, key: key, at: past)
                } else {
                    try views.row(request, key: key)
                }
        } catch let error as ViewError {
            // That there is no such row is an answer, too.
            if case .noRow = error { return Reply(Self.problem(error)) }
            throw error
        }
        var body = Array("{\"projection\":".utf8)
        CanonicalJSON.appendString(projection, to: &body)
        body.append(ascii: ",\"row\":")
        Self.append(row, columns, to: &body)
        body.append(ascii: "}")
        return Reply(body, rows: 1)
    }

    /// A row as a flat object, the key column first, then every column by name.
    private static func append(_ row: Row, _ columns: [String], to body: inout [UInt8]) {
        body.append(ascii: "{")
        CanonicalJSON.appendString(columns.first ?? "", to: &body)
        body.append(ascii: ":")
        CanonicalJSON.appendString(row.key, to: &body)
        for cell in row.cells {
            body.append(ascii: ",")
            CanonicalJSON.appendString(cell.name, to: &body)
            body.append(ascii: ":")
            if let value = cell.value {
                value.append(to: &body)
            } else {
                body.append(ascii: "null")
            }
        }
        body.append(ascii: "}")
    }
}
