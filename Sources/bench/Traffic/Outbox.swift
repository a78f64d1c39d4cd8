/// When a webhook arrives, and which one of which story it is.
struct Arrival {
    let milliseconds: Int
    let story: UInt32
    let number: UInt32
}

extension Arrival: Comparable {
    static func < (a: Arrival, b: Arrival) -> Bool {
        (a.milliseconds, a.story, a.number) < (b.milliseconds, b.story, b.number)
    }
}

/// Takes a story's webhooks: notes when each arrives, or makes the one that is wanted.
///
/// A story told again is the same story, so webhooks can be made when it is their turn, and
/// millions of them need not be kept until then.
struct Outbox {
    /// When each webhook arrives, repeats included; empty if one is wanted.
    private(set) var arrivals: [Arrival] = []
    /// The one that is wanted.
    private(set) var webhook: Webhook?
    private let seed: UInt64
    private let story: UInt32
    private let wanted: UInt32?
    private var count: UInt32 = 0

    /// Of a thousand webhooks so many come late, and so many come once more.
    private static let late = 300
    private static let repeated = 100

    init(seed: UInt64, story: UInt32, wanted: UInt32? = nil) {
        self.seed = seed
        self.story = story
        self.wanted = wanted
    }

    /// Sends what `make` makes; its choices are its own, so that it need not be called.
    mutating func send(at time: Int, _ make: (inout Chance) -> Webhook) {
        let stream = UInt64(story) << 16 | UInt64(count) << 1
        if wanted == count {
            var chance = Chance(seed: seed, stream: stream)
            webhook = make(&chance)
        } else if wanted == nil {
            var chance = Chance(seed: seed, stream: stream | 1)
            note(time, &chance)
        }
        count += 1
    }

    private mutating func note(_ time: Int, _ chance: inout Chance) {
        var moment = time * 1000 + chance.within(200...3000)
        if chance.happens(Self.late) {
            moment += chance.below(chance.pick([30, 600, 7200, 90_000]) * 1000)
        }
        arrivals.append(Arrival(milliseconds: moment, story: story, number: count))
        while chance.happens(Self.repeated) {
            moment += chance.pick([5, 300, 3600, 86_400]) * 1000
            arrivals.append(Arrival(milliseconds: moment, story: story, number: count))
        }
    }
}
