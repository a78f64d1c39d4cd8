import Foundation
import Testing

/// A ledger with one projection of its own, `orders`, and a dozen facts for it.
enum ProjectionTrial {
    /// The definition; the first rule begins in line 16, the second in 24, the third in 29.
    static let definition = """
        projection: orders
        version: 1
        about: Where every order stands.
        key: order
        columns:
          shop: { type: enum, of: [placed, paid, cancelled], keep: latest }
          payment: { type: enum, of: [pending, paid], keep: latest }
          total: { type: money, keep: latest }
          tags: { type: text, keep: all }
          units: { type: integer, keep: latest }
        derive:
          status:
            - { when: { shop: cancelled }, is: cancelled }
            - { is: open }
        events:
          - from: { source: shop, type: order.* }
            when: { /id: present }
            key: "{/id}"
            at: /at
            set:
              shop: { from: /status, map: { new: placed, paid: paid, cancelled: cancelled } }
              total: { from: /total, currency: /currency }
              tags: /tag
              units: /units
          - from: { source: pay, type: payment.linked }
            key: "{/order}"
            at: /at
            link: "pi:{/id}"
            set: { payment: { is: pending } }
          - from: { source: pay, type: payment.paid }
            key: "pi:{/id}"
            at: /at
            set: { payment: { is: paid } }

        """

    /// Sequences 1 to 6: two orders, a payment that is known before its order is named.
    static let first = [
        order("s1", "o1", "new", "12.50", units: 2, at: "2026-01-01T10:00:00Z", thread: "co-1"),
        fact("p1", "pay", "payment.paid", #"{"id":"7","at":"2026-01-01T10:05:00Z"}"#, "co-1"),
        order("s2", "o2", "new", "7.00", units: 1, at: "2026-01-02T10:00:00Z"),
        order("s3", "o2", "cancelled", "7.00", units: 1, at: "2026-01-03T10:00:00Z"),
        order("s4", "o2", "paid", "9.00", units: 1, at: "2026-01-02T12:00:00Z"),
        fact("p3", "pay", "payment.paid", #"{"id":"9","at":"2026-01-03T10:05:00Z"}"#),
    ]

    /// Sequences 7 to 12: the link, an event of no rule, a redelivery, one that the rule ignores,
    /// one that cannot be folded, one whose word the map lacks.
    static let second = [
        fact(
            "p2",
            "pay",
            "payment.linked",
            #"{"id":"7","order":"o1","at":"2026-01-01T10:01:00Z"}"#,
            "co-1"
        ),
        fact("x1", "ops", "stock.counted", #"{"n":4}"#),
        first[0],
        fact("s5", "shop", "order.noted", #"{"note":"x"}"#),
        fact("p4", "pay", "payment.linked", #"{"id":"8","at":"2026-01-04T10:00:00Z"}"#),
        order("s6", "o1", "odd", "12.50", units: 3, at: "2026-01-04T10:00:00Z"),
    ]

    static func fact(
        _ id: String,
        _ source: String,
        _ type: String,
        _ data: String,
        _ thread: String? = nil
    ) -> String {
        let correlation = thread.map { #""correlationid":"\#($0)","# } ?? ""
        return #"{"specversion":"1.0","id":"\#(id)","source":"\#(source)","type":"\#(type)","#
            + correlation + #""data":\#(data)}"# + "\n"
    }

    static func order(
        _ id: String,
        _ order: String,
        _ status: String,
        _ total: String,
        units: Int,
        at: String,
        thread: String? = nil
    ) -> String {
        let data =
            #"{"id":"\#(order)","status":"\#(status)","total":"\#(total)","currency":"EUR","#
            + #""tag":"t\#(units)","units":\#(units),"at":"\#(at)"}"#
        return fact(id, "shop", "order.said", data, thread)
    }
}

/// Runs a test with a ledger whose only projection is `orders`.
func withOrders(_ body: (Trial) throws -> Void) throws {
    try withTrial { trial in
        try FileManager.default.removeItem(atPath: "\(trial.ledger)/projections")
        try trial.define()
        try trial.take(ProjectionTrial.first)
        try trial.take(ProjectionTrial.second)
        try body(trial)
    }
}

extension Trial {
    /// Runs daybook with the words of a line.
    func line(_ line: String) throws -> Finished {
        try run([Self.program] + line.split(separator: " ").map(String.init))
    }

    /// What a line says that has to end well.
    func output(_ line: String) throws -> String {
        let finished = try self.line(line)
        #expect(finished.status == 0, "\(line): \(finished)")
        #expect(finished.error == "", "\(line)")
        return finished.output
    }

    func take(_ facts: [String]) throws {
        let finished = try daybook("import", "-", input: facts.joined())
        try #require(finished.status == 0, "\(finished)")
    }

    /// Writes the definition, with something replaced.
    func define(_ changes: KeyValuePairs<String, String> = [:]) throws {
        var text = ProjectionTrial.definition
        for (old, new) in changes {
            try #require(text.contains(old))
            text = text.replacing(old, with: new)
        }
        try write(text, to: "ledger/projections/orders/projection.yaml")
    }
}
