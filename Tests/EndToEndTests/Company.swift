import DaybookTesting

/// A simulated retailer and membership body: the webhooks that its systems send, disordered and
/// with repeats, and the rows that are true of it, which are worked out from what it knows
/// itself and never from what it sends.
struct Company {
    enum Projection: String, CaseIterable {
        case orders = "order-status"
        case members = "member-status"
        case stock = "stock-levels"

        /// The key's name.
        var key: String {
            switch self {
            case .orders: "order"
            case .members: "member"
            case .stock: "item"
            }
        }
    }

    /// How much there is of everything.
    struct Size {
        var orders = 60
        var members = 20
        var items = 15
        var moves = 8
    }

    /// 2024-06-01; a company's time is never in the future.
    static let start = 1_717_200_000
    static let days = 30

    let seed: Int
    var chance: SeededChance
    private(set) var facts: [Projection: [String: [CompanyFact]]] = [:]
    /// For each other name the messages that say whose it is.
    private(set) var links: [String: Set<String>] = [:]
    /// In the order in which they arrive.
    private(set) var messages: [CompanyMessage] = []
    private var underway: [(arrival: Int, message: CompanyMessage)] = []
    private var said = ""

    /// The companies of the usual size that tests are run with, by seed, made once.
    static let usual = (1...3).map { Company(seed: $0) }

    init(seed: Int, size: Size = Size()) {
        self.seed = seed
        chance = SeededChance(seed: UInt64(seed))
        for number in 0..<size.orders { order(number) }
        for number in 0..<size.members { member(number) }
        for number in 0..<size.items { item(number, moves: size.moves) }
        // What arrives at once arrives as it was sent.
        messages = underway.enumerated().sorted {
            ($0.element.arrival, $0.offset) < ($1.element.arrival, $1.offset)
        }.map(\.element.message)
        underway = []
    }

    // MARK: - Chance

    mutating func number(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &chance) }

    /// Something that happens in so many of a hundred cases.
    mutating func happens(_ percent: Int) -> Bool { number(1...100) <= percent }

    mutating func one<T>(of choices: [T]) -> T { choices[number(0...choices.count - 1)] }

    mutating func name(_ prefix: String, _ count: Int = 16) -> String {
        var letters = prefix
        var bits = chance.next()
        for _ in 0..<count {
            letters.unicodeScalars.append(Self.letters[Int(bits & 15)])
            bits = bits >> 4 ^ bits << 60
        }
        return letters
    }

    private static let letters = Array("ABCDEFGH23456789".unicodeScalars)

    // MARK: - What is said

    /// Sends a message; the facts that follow are said by it.
    mutating func send(
        _ source: String,
        _ provider: String,
        id: String,
        type: String,
        at: Int,
        _ body: String
    ) {
        let message = CompanyMessage(
            source: source,
            provider: provider,
            id: id,
            type: type,
            at: at,
            body: body
        )
        said = message.identity
        var arrival = at + number(0...3)
        if happens(20) { arrival += number(0...one(of: [30, 600, 7200, 90_000, 900_000])) }
        underway.append((arrival, message))
        while happens(6) {
            arrival += one(of: [5, 300, 3600, 86_400])
            underway.append((arrival, message))
        }
    }

    mutating func note(
        _ projection: Projection,
        _ key: String,
        _ column: String,
        _ rule: CompanyFact.Rule,
        _ value: CompanyFact.Value,
        at: Int,
        through: String? = nil
    ) {
        let fact = CompanyFact(
            column: column,
            rule: rule,
            value: value,
            at: at,
            said: said,
            through: through
        )
        facts[projection, default: [:]][key, default: []].append(fact)
    }

    /// The last message says whose another name is.
    mutating func link(_ name: String) { links[name, default: []].insert(said) }

    /// Sends a message of an in-house system.
    mutating func standard(_ source: String, _ type: String, at: Int, _ data: String) {
        let body = #"{"type":"\#(type)","timestamp":"\#(rfc3339(at))","data":{\#(data)}}"#
        send(source, "standard", id: name("msg_\(seed)"), type: type, at: at, body)
    }

    /// Sends an event of Stripe.
    mutating func stripe(_ type: String, at: Int, _ object: String) {
        let id = name("evt_\(seed)")
        let body =
            #"{"id":"\#(id)","object":"event","created":\#(at),"livemode":true,"#
            + #""type":"\#(type)","data":{"object":{\#(object)}}}"#
        send("stripe", "stripe", id: id, type: type, at: at, body)
    }
}
