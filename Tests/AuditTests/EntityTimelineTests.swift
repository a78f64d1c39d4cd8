import Bytes
import DaybookTesting
import Ledger
import Projections
import Testing

@testable import Audit

@Suite("The timeline of an entity") struct EntityTimelineTests {
    private typealias Query = EntityTimeline.Query

    /// An order with all that belongs to it, and things that do not.
    private struct Story {
        let log: IncidentLog
        let views: Views
        let order: UInt64
        let payment: UInt64
        let delivery: UInt64
        let call: UInt64
        let breaker: UInt64

        init() throws {
            log = try IncidentLog()
            var delivery = Draft(
                source: "to-shop",
                id: "d1",
                type: "webhook.delivery",
                kind: .delivery,
                outcome: .succeeded
            )
            delivery[.service] = "to-shop"
            order = try log.take(log.order("1001", "pending"))[0]
            delivery[.causationid] = Decimal.padded(order, digits: Decimal.sequenceDigits)
            let others = try log.take(
                log.payment("pi_7", order: "1001"),
                delivery,
                log.call("xero", 503, thread: "order:1001"),
                log.breaker("xero", "opened"),
                log.breaker("klaviyo", "opened"),
                log.order("11001", "pending"),
                log.order("1002", "pending"),
                log.call("xero", 200, thread: "order:1002")
            )
            (payment, self.delivery, call, breaker) = (others[0], others[1], others[2], others[3])
            views = try log.views()
        }
    }

    @Test(
        "has what is about it, told its row, was caused by it, shares its thread, cut its service off"
    )
    func subject() throws {
        let story = try Story()
        let query = Query(subjects: ["order:1001"], rows: [], selection: EventSelection())
        let timeline = try EntityTimeline(query, story.views)
        let found = timeline.entries.map { ($0.event.sequence, $0.reason) }
        #expect(
            found.map(\.0) == [
                story.order, story.payment, story.delivery, story.call, story.breaker,
            ]
        )
        #expect(found.map(\.1) == [.subject, .row, .cause, .thread, .service])
        #expect(timeline.rows == [.init(projection: "order-status", key: "woo-1001")])
        #expect(timeline.scanned > 0)
        let paid = timeline.entries[1].event.effects.flatMap(\.changes).map(\.column)
        #expect(paid.contains("payment"))
    }

    @Test("by its row it is found without a scan, as far as the view knows")
    func indexed() throws {
        let story = try Story()
        let row = try EntityTimeline.RowName("order-status/woo-1001")
        let query = Query(subjects: [], rows: [row], selection: EventSelection(), scans: false)
        let timeline = try EntityTimeline(query, story.views)
        #expect(timeline.entries.map(\.event.sequence) == [story.order, story.payment])
        #expect(timeline.scanned == 0)
    }

    @Test("by its row with a scan it has the causes and effects, too")
    func row() throws {
        let story = try Story()
        let row = try EntityTimeline.RowName("order-status/woo-1001")
        let query = Query(subjects: [], rows: [row], selection: EventSelection())
        let found = try EntityTimeline(query, story.views).entries.map(\.event.sequence)
        #expect(found == [story.order, story.payment, story.delivery])
    }

    @Test("outside the stretch nothing is shown, and the row is still known by an earlier event")
    func stretch() throws {
        let story = try Story()
        var selection = EventSelection()
        selection.from = story.payment
        selection.end = story.payment + 1
        let query = Query(subjects: ["order:1001"], rows: [], selection: selection)
        let timeline = try EntityTimeline(query, story.views)
        #expect(timeline.entries.map(\.event.sequence) == [story.payment])
    }

    @Test("what is no row is refused")
    func refused() throws {
        let story = try Story()
        for text in ["", "order-status", "/x", "order-status/"] {
            #expect(throws: AuditProblem.self) { try EntityTimeline.RowName(text) }
        }
        let query = Query(
            subjects: [],
            rows: [.init(projection: "order-status", key: "woo-9")],
            selection: EventSelection()
        )
        #expect(throws: ViewError.self) { try EntityTimeline(query, story.views) }
    }

    @Test(
        "a row is an entity's own if its name ends with the id",
        arguments: [
            ("woo-1001", "order:1001", true), ("1001", "order:1001", true),
            ("pi:pi_3N", "payment_intent:pi_3N", true), ("woo-11001", "order:1001", false),
            ("woo-1001-2", "order:1001", false), ("shopify-a-b", "order:a-b", true),
            ("call:xero", "order:1001", false), ("woo-", "order:", false),
        ]
    )
    func names(name: String, subject: String, isName: Bool) {
        #expect(SubjectName.isName(name, of: subject) == isName)
    }
}
