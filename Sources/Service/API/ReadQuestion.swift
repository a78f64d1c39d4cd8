internal import Bytes
internal import HTTPServer
internal import Ledger
internal import Projections

/// What a request to read asks for.
struct ReadQuestion: Sendable {
    /// What is to be answered.
    enum Subject: Sendable {
        case events(LogQuery, after: UInt64?)
        case event(UInt64, withBody: Bool)
        case rows(projection: String, conditions: [String], past: Past?, after: String?)
        case row(projection: String, key: String, past: Past?)
        case proof(UInt64)
    }

    /// Rows of one answer: what is more comes by asking again.
    static let rowLimit = 1000
    /// Rows of one answer where the request does not say.
    private static let usualRows = 100
    /// Bytes of a query: some conditions, none of them long.
    private static let queryBytes = 8192

    let subject: Subject
    /// Rows at most.
    let limit: Int
    /// The route, for the log.
    let method: String
    /// What is asked, for the log.
    let words: [(name: String, value: String)]

    /// What a token must be good for.
    var act: Act {
        switch subject {
        case .events, .event(_, withBody: false): .readEvents
        case .event: .readBodies
        case .rows, .row: .readRows
        case .proof: .prove
        }
    }

    /// Whether a request is one to read, whatever is wrong with it.
    static func isOne(_ request: HTTPRequest) -> Bool {
        ["GET", "HEAD"].contains(request.method)
            && ["/v1/events", "/v1/state", "/v1/proof"].contains { route in
                request.path == route || request.path.hasPrefix(route + "/")
            }
    }

    /// Reads a request; `now` is what times such as `2h` are before.
    init(path: String, query: String?, at now: Timestamp) throws(APIProblem) {
        let parts = try path.split(separator: "/", omittingEmptySubsequences: false).map {
            part throws(APIProblem) in try Self.decoded(part)
        }
        var parameters = try Parameters(query, limit: Self.queryBytes)
        // "", "v1", the route, and what it names.
        let operands = parts.dropFirst(3)
        method = "GET /v1/\(parts.count > 2 ? parts[2] : "")"
        var words: [(name: String, value: String)] = []
        switch (parts.count > 2 ? parts[2] : "", operands.count) {
        case ("events", 0):
            let after = try parameters.one("after").map { text throws(APIProblem) in
                try Self.sequence(text)
            }
            subject = .events(try Self.query(&parameters, now), after: after)
        case ("events", 1):
            let body = try parameters.one("body")
            guard body == nil || body == "no" || body == "yes" else {
                throw .malformed("body is not \"yes\" or \"no\"")
            }
            subject = .event(try Self.sequence(parts[3]), withBody: body != "no")
            words.append(("SEQ", parts[3]))
        case ("state", 1):
            subject = .rows(
                projection: parts[3],
                conditions: parameters.all("where"),
                past: try Self.past(&parameters, now),
                after: try parameters.one("after")
            )
            words.append(("PROJECTION", parts[3]))
        case ("state", 2):
            subject = .row(
                projection: parts[3],
                key: parts[4],
                past: try Self.past(&parameters, now)
            )
            words += [("PROJECTION", parts[3]), ("KEY", parts[4])]
        case ("proof", 1):
            subject = .proof(try Self.sequence(parts[3]))
            words.append(("SEQ", parts[3]))
        default:
            throw APIProblem(
                404,
                "not-found",
                "there is no such path, expected /v1/events, /v1/events/SEQ, "
                    + "/v1/state/PROJECTION, /v1/state/PROJECTION/KEY or /v1/proof/SEQ"
            )
        }
        limit = try Self.limit(&parameters)
        try parameters.finish()
        self.words = words + parameters.given
    }

    private static func decoded(_ part: Substring) throws(APIProblem) -> String {
        // A plus is a plus in a path.
        let escaped = part.replacing("+", with: "%2B").replacing("&", with: "%26")
            .replacing("=", with: "%3D")
        let bytes = (try? FormFields(escaped.utf8Span.span))?.fields.first?.name ?? []
        guard let text = String(utf8: bytes.span) else { throw .malformed("the path is not UTF-8") }
        return text
    }

    private static func query(
        _ parameters: inout Parameters,
        _ now: Timestamp
    ) throws(APIProblem) -> LogQuery {
        var query = LogQuery()
        let conditions: [(String, Attribute)] = [
            ("source", .source), ("type", .type), ("kind", .kind), ("subject", .subject),
            ("outcome", .outcome), ("correlation", .correlationid),
        ]
        for (name, attribute) in conditions {
            if let pattern = try parameters.one(name) {
                query.conditions.append((attribute, pattern))
            }
        }
        query.since = try time("since", &parameters, now)
        query.until = try time("until", &parameters, now)
        return query
    }

    private static func past(
        _ parameters: inout Parameters,
        _ now: Timestamp
    ) throws(APIProblem) -> Past? {
        let asOf = try time("as-of", &parameters, now)
        guard let asAt = try parameters.one("as-at") else { return asOf.map { .asOf($0) } }
        guard asOf == nil else {
            throw .malformed("as-at and as-of are two questions; leave one out")
        }
        if let sequence = Decimal.parse(asAt.utf8Span.span) { return .asAt(sequence: sequence) }
        guard let time = Moment.parse(asAt, now: now) else {
            throw .malformed("as-at is neither a sequence nor a moment, \(Moment.expected)")
        }
        return .asAtTime(time)
    }

    private static func time(
        _ name: String,
        _ parameters: inout Parameters,
        _ now: Timestamp
    ) throws(APIProblem) -> Timestamp? {
        guard let text = try parameters.one(name) else { return nil }
        guard let time = Moment.parse(text, now: now) else {
            throw .malformed("\(name) is no moment; expected \(Moment.expected)")
        }
        return time
    }

    private static func sequence(_ text: String) throws(APIProblem) -> UInt64 {
        guard let sequence = Decimal.parse(text.utf8Span.span) else {
            throw .malformed("a sequence is a whole number")
        }
        return sequence
    }

    private static func limit(_ parameters: inout Parameters) throws(APIProblem) -> Int {
        guard let text = try parameters.one("limit") else { return usualRows }
        guard let limit = Int(text), (1...rowLimit).contains(limit) else {
            throw .malformed("limit is not a number from 1 to \(rowLimit)")
        }
        return limit
    }
}
