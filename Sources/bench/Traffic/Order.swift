import Bytes

/// What an order is, before anything happens to it.
struct Order {
    enum Shop { case woocommerce, shopify, inHouse }

    struct Item {
        let id: Int
        let article: String
        let quantity: Int
        let cents: Int
    }

    let shop: Shop
    let number: Int
    let placed: Int
    let customer: Int
    let person: Person
    let items: [Item]
    let currency: String
    /// The shop's secret name of the order.
    let token: String
    /// Hours by which the shop's clock is ahead of UTC.
    let hours: Int
    private let payment: String

    init(_ number: Int, articles: Int, _ chance: inout Chance) {
        self.number = number
        placed = Month.start + chance.below(Month.seconds)
        let share = chance.below(10)
        shop = share < 5 ? .woocommerce : share < 9 ? .shopify : .inHouse
        customer = chance.below(1_000_000)
        person = Person(&chance)
        var items: [Item] = []
        for _ in 0...chance.below(4) {
            let item = Item(
                id: chance.below(10_000_000),
                article: Article.name(chance.below(articles)),
                quantity: chance.within(1...3),
                cents: chance.within(199...19_998)
            )
            items.append(item)
        }
        self.items = items
        currency = chance.pick(["USD", "EUR", "AUD"])
        token = "wc_order_" + chance.text(13)
        payment = chance.text(24)
        hours = chance.pick([-5, 0, 2, 10])
    }

    var id: Int { number + (shop == .woocommerce ? 10_000 : 5_500_000_000_000) }

    /// The order's name in `order-status`.
    var key: String {
        switch shop {
        case .woocommerce: "woo-\(id)"
        case .shopify: "shopify-\(id)"
        case .inHouse: "oms-" + Decimal.padded(UInt64(number), digits: 7)
        }
    }

    var cents: Int { items.reduce(0) { $0 + $1.cents * $1.quantity } }
    var total: String { Written.money(cents) }
    var intent: String { "pi_" + payment }
    var charge: String { "ch_" + payment }
    var stripeCustomer: String { "cus_" + token.suffix(8) }
}

/// Who buys.
struct Person {
    let first: String
    let last: String
    private let number: Int

    init(_ chance: inout Chance) {
        first = chance.pick(Self.firstNames)
        last = chance.pick(Self.lastNames)
        number = chance.below(1_000_000)
    }

    var email: String { "c\(number)@example.com" }

    /// The address as the shops write it.
    func address(withEmail: Bool = true) -> String {
        """
        {"first_name":"\(first)","last_name":"\(last)","company":"",\
        "address_1":"\(number % 300) Main Street","address_2":"","city":"Springfield",\
        "state":"CA","postcode":"\(90_000 + number % 9999)","country":"US",\
        \(withEmail ? "\"email\":\"\(email)\"," : "")\
        "phone":"+1555\(Decimal.padded(UInt64(number), digits: 7))"}
        """
    }

    private static let firstNames = [
        "Ann", "José", "Μαρία", "Li", "Chidi", "Åsa", "Zoë", "Omar", "Priya", "Tom",
    ]
    private static let lastNames = [
        "O'Neil", "García", "Papadopoulou", "Wang", "Okafor", "Lindqvist", "Smith", "Haddad", "Rao",
    ]
}

/// What is sold.
enum Article {
    static func name(_ number: Int) -> String {
        "SKU-" + Decimal.padded(UInt64(number), digits: 5)
    }
}
