internal import Bytes
internal import HTTPClient
internal import JSON

/// Fetches a provider's list page by page through the running gateway, which adds the credentials,
/// holds the limits and records every call.
///
/// Pages are Stripe's: `GET /v1/events?limit=100&starting_after=ID` with `data` and `has_more`.
package struct ProviderPages {
    /// An answer to a request for a page.
    package typealias Answer = (
        status: Int, headers: [(name: String, value: String)], body: [UInt8]
    )
    /// Asks for a URL.
    package typealias Fetch = (_ url: String) throws -> Answer

    /// What a list through the gateway may take.
    package enum Limits {
        /// As many as Stripe gives at once.
        static let pageSize = 100
        /// Stripe keeps events for 30 days; a million of them is more than any shop has.
        package static let pages = 10_000
        /// A page of 100 events; the largest have some 100 KB each.
        package static let pageBytes = 16 << 20
        /// A page may have to wait for the limits of its service.
        package static let pageSeconds = 120.0
        /// How often a page is asked for again that the gateway or the provider could not give.
        static let attempts = 5
        /// The longest pause that an answer may ask for, in seconds.
        static let pauseSeconds: UInt64 = 60
    }

    private let base: String
    private let fetch: Fetch
    private let wait: (_ milliseconds: UInt32) -> Void

    /// Asks `gateway` (`http://127.0.0.1:8080`) for `service`; `fetch` sends, `wait` sleeps.
    package init(
        gateway: String,
        service: String,
        fetch: @escaping Fetch,
        wait: @escaping (_ milliseconds: UInt32) -> Void
    ) {
        let trimmed = gateway.hasSuffix("/") ? String(gateway.dropLast()) : gateway
        base = "\(trimmed)/out/\(service)/v1/events"
        self.fetch = fetch
        self.wait = wait
    }

    /// A sender for `init` that shows a token of the role gateway.
    package static func fetch(token: String) -> Fetch {
        let client = HTTPClient(allowsPlainHTTP: true)
        let limits = HTTPClient.Limits(bytes: Limits.pageBytes, seconds: Limits.pageSeconds)
        return { url in
            try client.send(
                "GET",
                url,
                headers: [("Authorization", "Bearer \(token)"), ("Accept", "application/json")],
                body: [],
                limits: limits
            )
        }
    }

    /// Fetches all pages, of a period if one is given; one JSON list of all elements.
    package func all(
        period: Period?,
        progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws -> [UInt8] {
        var list: [UInt8] = [UInt8(ascii: "[")]
        var filter = "?limit=\(Limits.pageSize)"
        if let period {
            filter += "&created%5Bgte%5D=\(period.start.microseconds / 1_000_000)"
            filter += "&created%5Blt%5D=\(period.end.microseconds / 1_000_000)"
        }
        var cursors: Set<String> = []
        var cursor = ""
        var count: UInt64 = 0
        for number in 1...Limits.pages {
            let url = base + filter + (cursor.isEmpty ? "" : "&starting_after=\(cursor)")
            let body = try answer(url, number)
            let page = try Page(body, number)
            for range in page.elements {
                if list.count > 1 { list.append(UInt8(ascii: ",")) }
                list.append(span: body.span.extracting(range))
            }
            count += UInt64(page.elements.count)
            progress(count, 0)
            guard list.count < ProviderList.byteLimit else {
                throw AuditProblem.refused(
                    "the list is longer than \(ProviderList.byteLimit) bytes"
                )
            }
            guard page.hasMore, let last = page.lastID else {
                list.append(UInt8(ascii: "]"))
                return list
            }
            guard cursors.insert(last).inserted else {
                throw AuditProblem.refused(
                    "page \(number) of the list ends with an id that ended another one; the list "
                        + "goes round in a circle"
                )
            }
            cursor = last
        }
        throw AuditProblem.refused("the list has more than \(Limits.pages) pages; name a period")
    }

    /// Asks for a page, again if the gateway or the provider is busy.
    private func answer(_ url: String, _ number: Int) throws -> [UInt8] {
        for attempt in 1... {
            let answer = try fetch(url)
            if answer.status == 200 { return answer.body }
            let isBusy = [429, 500, 502, 503, 504].contains(answer.status)
            guard isBusy, attempt < Limits.attempts else {
                throw AuditProblem.refused(
                    "page \(number) of the list was answered \(answer.status)"
                        + (Self.problem(answer.headers).map { " (\($0))" } ?? "")
                        + ", expected 200"
                )
            }
            wait(Self.pause(answer.headers, attempt))
        }
        throw AuditProblem.refused("page \(number) of the list was not answered")
    }

    /// The gateway's word for what is wrong, such as `wrong-role`.
    private static func problem(_ headers: [(name: String, value: String)]) -> String? {
        let value = headers.first { $0.name.lowercased() == "daybook-problem" }?.value
        return value.map { String($0.prefix(60)) }
    }

    /// How many milliseconds to wait: as long as is asked for, else twice as long each time.
    private static func pause(
        _ headers: [(name: String, value: String)],
        _ attempt: Int
    ) -> UInt32 {
        let value = headers.first { $0.name.lowercased() == "retry-after" }?.value
        let asked = value.flatMap { Decimal.parse($0.utf8Span.span) }
        let seconds = min(asked ?? (1 << UInt64(attempt - 1)), Limits.pauseSeconds)
        return UInt32(seconds * 1000)
    }

    /// One page: its elements, and whether there are more.
    private struct Page {
        let elements: [Range<Int>]
        var hasMore = false
        var lastID: String?

        init(_ body: [UInt8], _ number: Int) throws {
            do {
                var parser = JSONParser(maximumBytes: Limits.pageBytes)
                hasMore = try Self.hasMore(parser.parse(body.span))
                elements = try JSONElementScanner(body.span).elements
                var reader = try ElementReader(.stripeEvents)
                if let last = elements.last {
                    let values = try reader.values(parsed: body.span.extracting(last))
                    lastID = values.id
                }
            } catch {
                throw AuditProblem.refused("page \(number) of the list cannot be read: \(error)")
            }
            guard hasMore else { return }
            guard let lastID, !lastID.isEmpty, lastID.utf8.allSatisfy(Self.isPlain) else {
                throw AuditProblem.refused(
                    "page \(number) of the list says that there are more, but its last element has "
                        + "no id to go on from"
                )
            }
        }

        private static func hasMore(_ value: JSONValue) -> Bool {
            value.member("has_more")?.bool ?? false
        }

        /// What may stand in a query as it is.
        private static func isPlain(_ byte: UInt8) -> Bool {
            byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == 0x5F || byte == 0x2D
        }
    }
}
