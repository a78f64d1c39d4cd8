internal import Bytes
internal import JSON
internal import Ledger

/// What a book asks of the log besides the line that it takes.
package protocol DeliveryLog: ~Copyable {
    /// The subject of an event; `nil` if the log has no such event.
    func event(at sequence: UInt64) throws -> DeliveryEventHead?

    /// What a rule's event says; `nil` if its body cannot be read.
    func terms(at sequence: UInt64) throws -> DeliveryTerms?

    /// The `Retry-After` of the answer that an attempt's event recorded.
    func retryAfter(at sequence: UInt64) throws -> String?
}

/// What orders need of the event that they are about.
package struct DeliveryEventHead: Sendable {
    /// The event's subject.
    package let subject: String?

    /// Takes an event's subject.
    package init(subject: String?) {
        self.subject = subject
    }
}

extension Snapshot: DeliveryLog {
    /// The subject of an event; `nil` beyond the end.
    package func event(at sequence: UInt64) throws -> DeliveryEventHead? {
        guard let line = try line(at: sequence) else { return nil }
        return DeliveryEventHead(subject: line.text(.subject))
    }

    /// What a rule's event says; `nil` if its body cannot be read.
    package func terms(at sequence: UInt64) throws -> DeliveryTerms? {
        guard let record = try body(at: sequence), let layout = BodyLayout(record) else {
            return nil
        }
        return DeliveryTerms(json: record.extracting(layout.content))
    }

    /// The `Retry-After` of the answer that an attempt's event recorded.
    package func retryAfter(at sequence: UInt64) throws -> String? {
        guard let record = try body(at: sequence), let layout = BodyLayout(record) else {
            return nil
        }
        var parser = JSONParser()
        guard let meta = try? parser.parse(record.extracting(layout.meta)) else { return nil }
        return Self.retryAfter(meta)
    }

    private static func retryAfter(_ meta: JSONValue) -> String? {
        var found: String?
        meta.member("response")?.member("headers")?.forEachElement { header in
            if header.element(0)?.string == "retry-after" { found = header.element(1)?.string }
        }
        return found
    }
}
