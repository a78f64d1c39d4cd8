/// A retailer and membership body, and the webhooks that its systems send in a month.
///
/// Of 25 stories 20 are orders, four are members and one is an article in two places.
struct Simulation {
    /// The webhooks in the order of their arrival.
    let arrivals: [Arrival]
    private let seed: UInt64
    private let articles: Int

    /// Webhooks to an article, about.
    private static let perArticle = 216

    /// Simulates until there are `count` webhooks.
    init(seed: UInt64, count: Int) {
        self.seed = seed
        articles = max(1, count / Self.perArticle)
        var all: [Arrival] = []
        all.reserveCapacity(count + 128)
        var story: UInt32 = 0
        while all.count < count {
            var outbox = Outbox(seed: seed, story: story)
            Self.tell(story, seed, articles, &outbox)
            all += outbox.arrivals
            story += 1
        }
        all.sort()
        arrivals = Array(all.prefix(count))
    }

    /// Makes the webhook that arrives then.
    func webhook(_ arrival: Arrival) -> Webhook? {
        var outbox = Outbox(seed: seed, story: arrival.story, wanted: arrival.number)
        Self.tell(arrival.story, seed, articles, &outbox)
        return outbox.webhook
    }

    private static func tell(
        _ story: UInt32,
        _ seed: UInt64,
        _ articles: Int,
        _ outbox: inout Outbox
    ) {
        // Another seed than the outbox has, whose streams are numbered otherwise.
        let chance = Chance(seed: ~seed, stream: UInt64(story))
        let (round, place) = Int(story).quotientAndRemainder(dividingBy: 25)
        switch place {
        case 0..<20:
            var story = OrderStory(round * 20 + place, articles: articles, chance)
            story.tell(to: &outbox)
        case 20..<24:
            var story = MemberStory(round * 4 + place - 20, chance)
            story.tell(to: &outbox)
        default:
            var story = StockStory(article: round, chance)
            story.tell(to: &outbox)
        }
    }
}

/// The month that is simulated.
enum Month {
    /// 2026-09-01T00:00:00Z.
    static let start = 1_788_220_800
    static let seconds = 30 * 86_400
}
