import Foundation
import Testing

@testable import Projections

/// The definitions that come with the project.
enum Defaults {
    static let names = [
        "order-status", "member-status", "stock-levels", "rate-limit-usage", "payments",
        "invoices", "shipments", "sync-health", "integration-health",
    ]

    static func text(of name: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appending(path: "projections/\(name)/projection.yaml")
        return try String(contentsOf: file, encoding: .utf8)
    }

    static func definition(_ name: String) throws -> Definition {
        try Sample.read(try text(of: name))
    }
}

@Suite("The default definitions")
struct DefinitionDefaultsTests {
    @Test("are read, and named as their folders", arguments: Defaults.names)
    func read(name: String) throws {
        let definition = try Defaults.definition(name)
        #expect(definition.name == name)
        #expect(definition.version == 1)
        #expect(!definition.about.isEmpty)
    }

    @Test(
        "have the columns that are promised",
        arguments: [
            (
                "order-status", "order",
                "shop latest, payment latest, fulfilment latest, delivery latest, total latest, "
                    + "tracking all, placed_at min, updated_at max, status"
            ),
            (
                "member-status", "member",
                "status latest, tier latest, chapter latest, joined_at min, renewed_at max, "
                    + "expires_at latest, renewals count"
            ),
            (
                "stock-levels", "item",
                "on_hand balance, reserved balance, reorder_point latest, counted_at max, "
                    + "available, level"
            ),
            (
                "rate-limit-usage", "limit",
                "allowed latest, used window, throttled count, alert_at latest, peak, peak_at, "
                    + "near, state"
            ),
            (
                "payments", "payment",
                "state latest, amount latest, refunds sum, failed_refunds sum, "
                    + "refund_total latest, dispute latest, disputed sum, order latest, "
                    + "updated_at max, asked_back, refunded, net, currency, status"
            ),
            (
                "invoices", "invoice",
                "state latest, total latest, order latest, number latest, issued_at min, "
                    + "updated_at max"
            ),
            (
                "shipments", "shipment",
                "carrier latest, status latest, order latest, shipped_at min, delivered_at min, "
                    + "exceptions count, updated_at max, transit"
            ),
            (
                "sync-health", "sync",
                "state latest, last_run max, last_success max, last_status latest, "
                    + "last_failure latest, records latest, errors latest, duration latest, "
                    + "runs count, failures count, late count, missed count, age, failure_rate"
            ),
            (
                "integration-health", "integration",
                "total count, requests count, errors count, day count, unanswered count, "
                    + "duration quantiles, last_at max, happened_at latest, told_at latest, "
                    + "breaker latest, last_error latest, error_rate, answered, availability, "
                    + "p50, p95, lag, age, state"
            ),
        ]
    )
    func columns(name: String, key: String, columns: String) throws {
        let definition = try Defaults.definition(name)
        #expect(definition.key == key)
        let stored = definition.columns.map { "\($0.name) \($0.keep.rawValue)" }
        let all = stored + definition.derivations.map(\.name)
        #expect(all.joined(separator: ", ") == columns)
    }

    @Test(
        "tell when a row was touched in every rule, by the time the event speaks for",
        arguments: ["order-status", "payments", "invoices", "shipments"]
    )
    func updatedAt(name: String) throws {
        let definition = try Defaults.definition(name)
        let place = try #require(definition.columns.firstIndex { $0.name == "updated_at" })
        for rule in definition.rules {
            let setting = try #require(
                rule.settings.first { $0.column == place },
                "line \(rule.line)"
            )
            guard case .from(let source)? = setting.choices.first?.value else {
                Issue.record("line \(rule.line) says no time")
                continue
            }
            #expect(source.path == rule.at?.path ?? .attribute(.recordedtime))
            #expect(source.timeFormat == rule.at?.format ?? .rfc3339)
        }
    }

    @Test(
        "have a rule for each type of event that is promised, and one alone",
        arguments: [
            (
                "order-status", "woocommerce",
                "order.created order.updated order.restored order.deleted"
            ),
            (
                "order-status", "shopify",
                "orders/create orders/paid fulfillments/create fulfillments/update"
            ),
            (
                "order-status", "stripe",
                "payment_intent.succeeded payment_intent.payment_failed "
                    + "payment_intent.amount_capturable_updated charge.refunded "
                    + "charge.dispute.created charge.dispute.closed"
            ),
            (
                "order-status", "paypal",
                "PAYMENT.CAPTURE.COMPLETED PAYMENT.CAPTURE.DENIED PAYMENT.CAPTURE.REFUNDED"
            ),
            (
                "order-status", "standard",
                "order.confirmed order.shipped order.delivered order.returned order.cancelled "
                    + "tracking.updated"
            ),
            (
                "member-status", "standard",
                "member.applied member.joined member.renewed member.upgraded member.lapsed "
                    + "member.cancelled member.suspended member.reinstated"
            ),
            (
                "member-status", "stripe",
                "customer.subscription.created customer.subscription.updated "
                    + "customer.subscription.deleted"
            ),
            (
                "stock-levels", "standard",
                "stock.counted stock.adjusted stock.reserved stock.released stock.policy "
                    + "sale.completed return.completed"
            ),
            ("stock-levels", "woocommerce", "product.created product.updated"),
            ("stock-levels", "shopify", "inventory_levels/update"),
            (
                "payments", "stripe",
                "payment_intent.created payment_intent.requires_action payment_intent.processing "
                    + "payment_intent.payment_failed payment_intent.amount_capturable_updated "
                    + "payment_intent.canceled payment_intent.succeeded charge.refunded "
                    + "refund.created refund.updated refund.failed charge.refund.updated "
                    + "charge.dispute.created charge.dispute.closed"
            ),
            (
                "payments", "paypal",
                "PAYMENT.CAPTURE.PENDING PAYMENT.CAPTURE.DENIED PAYMENT.CAPTURE.COMPLETED "
                    + "PAYMENT.CAPTURE.REFUNDED CUSTOMER.DISPUTE.CREATED CUSTOMER.DISPUTE.RESOLVED"
            ),
            ("shipments", "shopify", "fulfillments/create fulfillments/update"),
            (
                "shipments", "standard",
                "order.shipped order.delivered order.returned tracking.updated"
            ),
        ]
    )
    func types(name: String, provider: String, types: String) throws {
        let definition = try Defaults.definition(name)
        for type in types.split(separator: " ").map(String.init) {
            let fitting = definition.rules.filter { rule in
                rule.from.allSatisfy { attribute, patterns in
                    let value = attribute == .provider ? provider : type
                    return patterns.contains { Glob($0).overlaps(Glob(value)) }
                }
            }
            #expect(fitting.count == 1, "\(type)")
        }
    }

    @Test("count a call once for each limit of its service")
    func limits() throws {
        let definition = try Defaults.definition("rate-limit-usage")
        let rule = try #require(definition.rules.first)
        #expect(definition.rules.count == 1)
        #expect(rule.each == .attribute(.ratelimit))
        #expect(rule.key.description == "{@service} {/window}")
        #expect(rule.at?.path == .attribute(.time))
    }

    @Test("differ in their hashes")
    func hashes() throws {
        let hashes = try Defaults.names.map { try Defaults.definition($0).hash }
        #expect(Set(hashes).count == hashes.count)
    }
}
