/// What happens to an article's stock in two places, and in the web shop.
struct StockStory {
    private let article: String
    private var chance: Chance
    private var now = Month.start

    /// The most movements in one place.
    private static let moves = 20

    init(article: Int, _ chance: Chance) {
        self.article = Article.name(article)
        self.chance = chance
    }

    mutating func tell(to outbox: inout Outbox) {
        for place in ["sydney", "athens"] { tell(of: place, &outbox) }
        if chance.happens(500) {
            now = Month.start + chance.below(86_400)
            outbox.send(at: now) { [article, now] in
                WooCommerce.product(article, at: now, &$0)
            }
        }
    }

    private mutating func tell(of place: String, _ outbox: inout Outbox) {
        now = Month.start + chance.below(3600)
        count(place, &outbox)
        if chance.happens(700) {
            now += 2
            say("stock.policy", place, "\"reorder_point\":\(chance.within(1...80))", &outbox)
        }
        for _ in 0..<chance.below(Self.moves + 1) {
            now += chance.within(2...40_000)
            move(place, &outbox)
        }
    }

    private mutating func move(_ place: String, _ outbox: inout Outbox) {
        let quantity = chance.within(1...5)
        switch chance.below(21) {
        case 0..<10: sell("sale.completed", place, quantity, &outbox)
        case 10: sell("return.completed", place, quantity, &outbox)
        case 11, 12:
            let delta = chance.within(-9...9)
            say("stock.adjusted", place, "\"delta\":\(delta),\"reason\":\"recount\"", &outbox)
        case 13..<17: say("stock.reserved", place, "\"quantity\":\(quantity)", &outbox)
        case 17..<20: say("stock.released", place, "\"quantity\":\(quantity)", &outbox)
        default: count(place, &outbox)
        }
    }

    private mutating func count(_ place: String, _ outbox: inout Outbox) {
        say("stock.counted", place, "\"quantity\":\(chance.below(501))", &outbox)
    }

    private func say(
        _ type: String,
        _ place: String,
        _ more: String,
        _ outbox: inout Outbox
    ) {
        outbox.send(at: now) {
            let data = "\"sku\":\"\(article)\",\"location\":\"\(place)\"," + more
            let subject = "item:\(article)@\(place)"
            return Standard.message("ims", type, subject: subject, data: data, at: now, &$0)
        }
    }

    private mutating func sell(
        _ type: String,
        _ place: String,
        _ quantity: Int,
        _ outbox: inout Outbox
    ) {
        let price = chance.within(1...99)
        outbox.send(at: now) { [article, now] in
            let data = """
                "location":"\(place)","till":3,"lines":[{"sku":"\(article)",\
                "quantity":\(quantity),"price":"\(price).00"}]
                """
            return Standard.message("pos", type, subject: nil, data: data, at: now, &$0)
        }
    }
}
