package import Bytes
internal import JSON
package import Ledger

/// How close the calls of a service came to its limits, window by window.
package struct RateLimitUse: Sendable {
    /// One of a service's limits, as calls say it: `60/1m`.
    package struct Limit: Hashable, Sendable, Comparable {
        /// Calls allowed in each window.
        package let allowed: UInt64
        /// The window's length as it is written: `1m`.
        package let window: String
        /// The same in microseconds.
        package let width: Int64
        /// At how many hundredths of it people want to know.
        package let alertAt: UInt64

        /// Reads one entry of a line's `ratelimit`: `60/1m`, or `5000/1d@90`.
        package init?(_ text: Substring) {
            let halves = text.split(separator: "@", omittingEmptySubsequences: false)
            let parts = halves[0].split(separator: "/", omittingEmptySubsequences: false)
            let alert = halves.count == 2 ? Decimal.parse(halves[1].utf8Span.span) : 80
            guard halves.count <= 2, parts.count == 2, let alert,
                let allowed = Decimal.parse(parts[0].utf8Span.span), allowed > 0,
                let width = Self.width(parts[1])
            else { return nil }
            self.allowed = allowed
            window = String(parts[1])
            self.width = width
            alertAt = alert
        }

        private static func width(_ text: Substring) -> Int64? {
            let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
            guard let unit = text.last.flatMap({ units[$0] }),
                let count = Decimal.parse(text.dropLast().utf8Span.span), count > 0,
                count <= 1_000_000
            else { return nil }
            return Int64(count) * unit * 1_000_000
        }

        /// The limit as it is written.
        package var text: String { "\(allowed)/\(window)" }

        package static func < (a: Limit, b: Limit) -> Bool {
            (a.width, a.allowed, a.alertAt) < (b.width, b.allowed, b.alertAt)
        }
    }

    /// What was used of a limit in one window, which is aligned to 1970-01-01T00:00:00Z.
    package struct Window: Sendable {
        package let service: String
        package let limit: Limit
        package let start: Timestamp
        package var calls: UInt64 = 0
        /// Calls that were answered 429.
        package var throttled: UInt64 = 0
        /// The longest that the service asked to stay away, as it said.
        package var retryAfter: String?
        /// The first event of the window, and the one that first reached the alert's share.
        package let first: UInt64
        package var alerted: UInt64?

        /// Hundredths of the limit, rounded down.
        package var percent: UInt64 { calls * 100 / limit.allowed }

        /// Whether it was used up, nearly so, or neither.
        package var state: State {
            calls > limit.allowed
                ? .over : calls == limit.allowed ? .full : alerted != nil ? .near : .free
        }
    }

    /// How full a window was.
    package enum State: String, Sendable { case free, near, full, over }

    /// The limit of one service over all windows.
    package struct Summary: Sendable {
        package let service: String
        package let limit: Limit
        /// Windows in which it was called.
        package var windows = 0
        package var calls: UInt64 = 0
        package var throttled: UInt64 = 0
        /// Windows that reached the share at which people want to know.
        package var near = 0
        /// The fullest window, the earliest of several.
        package var peak: Window
    }

    /// By service, limit and time.
    package private(set) var windows: [Window] = []
    package private(set) var summaries: [Summary] = []
    /// Changes of the services' breakers.
    package private(set) var breakers: [TimelineEvent] = []
    /// Calls of the services that say no limit.
    package private(set) var unlimited: UInt64 = 0
    /// Limits in lines that could not be read.
    package private(set) var unreadable: UInt64 = 0

    private struct Place: Hashable {
        let service: String
        let limit: Limit
        let start: Int64
    }

    private var byPlace: [Place: Window] = [:]

    /// Reads the calls of a selection; of one service or of all.
    ///
    /// A call belongs to the window in which it was sent.
    package init(_ selection: EventSelection, service: String?, _ ledger: Ledger) throws {
        try ledger.read { snapshot in
            let range = try selection.range(in: snapshot, size: snapshot.size)
            var events = try snapshot.events(in: range)
            while try events.next() {
                let line = events.line
                guard let name = line.text(.service), service == nil || service == name,
                    selection.query.matches(line)
                else { continue }
                if line.raw(.type)?.hasPrefix(ascii: "daybook.breaker.") == true {
                    breakers.append(TimelineEvent(events.sequence, line))
                } else if line.raw(.kind)?.equals(ascii: "call") == true {
                    let retry = line.integer(.status) == 429 ? Self.retryAfter(events.body) : nil
                    take(TimelineEvent(events.sequence, line), line.text(.ratelimit), name, retry)
                }
            }
        }
        finish()
    }

    private mutating func take(
        _ call: TimelineEvent,
        _ notation: String?,
        _ service: String,
        _ retryAfter: String?
    ) {
        guard let notation else {
            unlimited += 1
            return
        }
        let sent = (call.occurred ?? call.recorded).microseconds
        for word in notation.split(separator: " ") {
            guard let limit = Limit(word) else {
                unreadable += 1
                continue
            }
            let index = sent % limit.width < 0 ? sent / limit.width - 1 : sent / limit.width
            let start = index * limit.width
            let place = Place(service: service, limit: limit, start: start)
            var window =
                byPlace[place]
                ?? Window(
                    service: service,
                    limit: limit,
                    start: Timestamp(microseconds: start),
                    first: call.sequence
                )
            window.calls += 1
            if call.status == 429 { window.throttled += 1 }
            if let retryAfter {
                window.retryAfter = Self.longer(window.retryAfter, retryAfter)
            }
            if window.alerted == nil, window.calls * 100 >= limit.alertAt * limit.allowed {
                window.alerted = call.sequence
            }
            byPlace[place] = window
        }
    }

    private mutating func finish() {
        windows = byPlace.values.sorted {
            ($0.service, $0.limit, $0.start) < ($1.service, $1.limit, $1.start)
        }
        byPlace = [:]
        for window in windows {
            if summaries.last?.service != window.service || summaries.last?.limit != window.limit {
                summaries.append(
                    Summary(service: window.service, limit: window.limit, peak: window)
                )
            }
            let last = summaries.count - 1
            summaries[last].windows += 1
            summaries[last].calls += window.calls
            summaries[last].throttled += window.throttled
            if window.alerted != nil { summaries[last].near += 1 }
            if window.calls > summaries[last].peak.calls { summaries[last].peak = window }
        }
    }

    /// Of two the one that asks for more seconds; a date counts only where there is nothing else.
    private static func longer(_ old: String?, _ new: String) -> String {
        guard let old else { return new }
        guard let seconds = Decimal.parse(new.utf8Span.span) else { return old }
        guard let known = Decimal.parse(old.utf8Span.span) else { return new }
        return seconds > known ? new : old
    }

    // MARK: - The answer's headers

    /// Characters of a header's value that are shown: an HTTP date has 29.
    private static let headerLimit = 40

    /// The answer's `Retry-After`, from a call's body record; `nil` if there is none.
    private static func retryAfter(_ record: Span<UInt8>?) -> String? {
        guard let record, let layout = BodyLayout(record) else { return nil }
        var parser = JSONParser()
        guard let value = try? retryAfter(in: parser.parse(record.extracting(layout.meta))) else {
            return nil
        }
        return String(value.prefix(headerLimit))
    }

    private static func retryAfter(in meta: JSONValue) -> String? {
        guard let headers = meta.member("response")?.member("headers") else { return nil }
        var cursor = headers.elements
        while let header = cursor.next() {
            guard let name = header.element(0)?.string, let value = header.element(1)?.string else {
                continue
            }
            if name.lowercased() == "retry-after" { return value }
        }
        return nil
    }
}
