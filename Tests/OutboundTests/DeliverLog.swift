import Bytes
import Ledger
import Outbound

/// A log in memory: lines as the ledger would write them, and what stands beside them.
final class DeliverLog: DeliveryLog {
    private(set) var lines: [[UInt8]] = []
    private var subjects: [String?] = []
    private var terms: [UInt64: DeliveryTerms] = [:]
    private var waits: [UInt64: String] = [:]
    /// When the next line is recorded.
    var now = Timestamp(microseconds: 1_795_168_800_000_000)

    var size: UInt64 { UInt64(lines.count) }

    @discardableResult
    func append(
        _ attributes: [String: String],
        terms: DeliveryTerms? = nil,
        retryAfter: String? = nil
    ) -> UInt64 {
        let sequence = size
        var all = [
            "id": "id-\(sequence)", "specversion": "1.0", "outcome": "accepted",
            "prevhash": String(repeating: "0", count: 64), "recordedtime": now.rfc3339,
            "sequence": Decimal.padded(sequence, digits: 20),
        ]
        all.merge(attributes) { $1 }
        var text: [UInt8] = []
        for (name, value) in all.sorted(by: { $0.key < $1.key }) {
            text.append(text.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ","))
            CanonicalJSON.appendString(name, to: &text)
            text.append(UInt8(ascii: ":"))
            if name == "status" || name == "attempt" {
                text += Array(value.utf8)
            } else {
                CanonicalJSON.appendString(value, to: &text)
            }
        }
        lines.append(text + Array("}".utf8))
        subjects.append(attributes["subject"])
        self.terms[sequence] = terms
        waits[sequence] = retryAfter
        return sequence
    }

    func event(at sequence: UInt64) -> DeliveryEventHead? {
        guard sequence < size else { return nil }
        return DeliveryEventHead(subject: subjects[Int(sequence)])
    }

    func terms(at sequence: UInt64) -> DeliveryTerms? { terms[sequence] }

    func retryAfter(at sequence: UInt64) -> String? { waits[sequence] }

    // MARK: - What is appended

    @discardableResult
    func rule(_ terms: DeliveryTerms) -> UInt64 {
        append(
            [
                "kind": "admin", "source": "daybook", "type": "daybook.delivery.rule",
                "subject": "delivery:\(terms.name)",
            ],
            terms: terms
        )
    }

    @discardableResult
    func event(_ type: String, subject: String? = nil, kind: String = "webhook") -> UInt64 {
        var attributes = ["kind": kind, "source": "shop", "type": type]
        attributes["subject"] = subject
        return append(attributes)
    }

    @discardableResult
    func order(_ order: DeliveryEvent.Order, rule: String, event: UInt64? = nil) -> UInt64 {
        var attributes = [
            "kind": "admin", "source": "daybook", "type": order.rawValue,
            "subject": "delivery:\(rule)",
        ]
        attributes["causationid"] = event.map { Decimal.padded($0, digits: 20) }
        return append(attributes)
    }

    @discardableResult
    func attempt(
        _ event: UInt64,
        rule: String,
        status: Int? = nil,
        reason: String? = nil,
        retryAfter: String? = nil
    ) -> UInt64 {
        var attributes = [
            "kind": "delivery", "source": rule, "type": "webhook.delivery",
            "causationid": Decimal.padded(event, digits: 20),
            "outcome": (200..<300).contains(status ?? 0) ? "succeeded" : "failed",
        ]
        attributes["status"] = status.map(String.init)
        attributes["reason"] = reason
        return append(attributes, retryAfter: retryAfter)
    }

    func wait(seconds: Double) {
        now = Timestamp(microseconds: now.microseconds + Int64(seconds * 1_000_000))
    }
}

extension DeliveryBook {
    /// Takes what the log has and the book has not, at most `limit` lines.
    @discardableResult
    mutating func follow(
        _ log: DeliverLog,
        limit: Int = .max,
        chance: Double = 0.5
    ) throws -> [DeliveryChange] {
        var changes: [DeliveryChange] = []
        var left = limit
        while position < log.size, left > 0 {
            let bytes = log.lines[Int(position)]
            changes += try take(Line(bytes.span), at: position, log) { chance }
            left -= 1
        }
        return changes
    }
}

/// The terms of a rule for tests: everything of type `a`, three waits.
func deliverTerms(
    _ types: [String] = ["a"],
    ordered: Bool = false,
    concurrent: Int = 10,
    retries: [Int] = [1000, 2000, 5000]
) -> DeliveryTerms {
    DeliveryTerms(
        name: "out",
        selection: DeliverySelection(type: types.map { DeliveryPattern($0) }),
        to: "https://shop.example.com/hooks",
        isOrdered: ordered,
        concurrent: concurrent,
        retries: retries
    )
}
