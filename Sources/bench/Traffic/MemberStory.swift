import Bytes

/// What happens to a member, by the association's own system and by Stripe.
struct MemberStory {
    private let key: String
    private let chapter: String
    private var tier: String
    private var chance: Chance
    private var now: Int
    private var ends = 0

    private static let year = 365 * 86_400

    init(_ number: Int, _ chance: Chance) {
        var chance = chance
        key = "m" + Decimal.padded(UInt64(number), digits: 6)
        now = Month.start + chance.below(Month.seconds)
        tier = chance.pick(["student", "associate", "fellow"])
        chapter = chance.pick(["sydney", "athens", "london"])
        self.chance = chance
    }

    mutating func tell(to outbox: inout Outbox) {
        if chance.happens(300) {
            say("applied", "", &outbox)
            wait(3600...400_000)
        }
        ends = now + Self.year
        let terms = ",\"tier\":\"\(tier)\",\"chapter\":\"\(chapter)\""
        say("joined", terms + expiry, &outbox)
        if chance.happens(300) { subscribe(&outbox) }
        for _ in 0..<chance.below(6) {
            wait(86_400...1_500_000)
            change(&outbox)
        }
    }

    private mutating func change(_ outbox: inout Outbox) {
        let words = ["renewed", "upgraded", "lapsed", "cancelled", "suspended", "reinstated"]
        let word = chance.pick(words)
        switch word {
        case "renewed":
            ends += Self.year
            say(word, expiry, &outbox)
        case "upgraded":
            tier = chance.pick(["associate", "fellow", "life"])
            say(word, ",\"tier\":\"\(tier)\"", &outbox)
        default: say(word, "", &outbox)
        }
    }

    private mutating func subscribe(_ outbox: inout Outbox) {
        wait(10...60)
        let id = "sub_" + chance.text(24)
        send(id, "created", "active", &outbox)
        guard chance.happens(300) else { return }
        wait(86_400...2_000_000)
        send(id, "updated", "past_due", &outbox)
    }

    private mutating func wait(_ seconds: ClosedRange<Int>) { now += chance.within(seconds) }

    private var expiry: String { ",\"expires_at\":\"\(Written.utc(ends))\"" }

    private func send(
        _ id: String,
        _ change: String,
        _ status: String,
        _ outbox: inout Outbox
    ) {
        outbox.send(at: now) {
            Stripe.subscription(
                id,
                change,
                status: status,
                member: key,
                tier: tier,
                ends: ends,
                at: now,
                &$0
            )
        }
    }

    private func say(_ word: String, _ more: String, _ outbox: inout Outbox) {
        outbox.send(at: now) {
            Standard.message(
                "cms",
                "member.\(word)",
                subject: "member:\(key)",
                data: "\"member\":\"\(key)\",\"email\":\"\(key)@example.org\"" + more,
                at: now,
                &$0
            )
        }
    }
}
