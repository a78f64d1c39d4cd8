internal import Bytes

/// A bucket that each call fills by one and that leaks all the time (Shopify's, and the generic
/// cell rate algorithm of ITU-T I.371), counted against us: a call under way fills it at once and
/// leaks only from the moment at which it had certainly arrived.
///
/// Let `c` be those moments; the true arrivals are no later. The fill at a moment is the most
/// over all earlier moments of what arrived since then, less what leaked since then; arrivals that
/// come earlier than `c` add no more to that than the calls that are still under way. So the fill
/// by `c` and one for each call under way is never below the truth.
struct LeakyBucket: Sendable {
    let size: Int
    /// Microseconds in which one call leaks out, rounded against us.
    private let leak: Int64
    /// When it would be empty if nothing more came.
    private var emptyAt = Timestamp.min.microseconds

    init(size: Int, restore: Rate) {
        let window = Int64(restore.window.seconds) * 1_000_000
        let count = Int64(restore.count)
        leak = (window + window / SlidingWindow.clockPart + count - 1) / count
        // So that a fill's time fits 64 bits together with any moment; it is 9,000 years.
        self.size = Int(min(Int64(size), Int64.max / 32 / leak))
    }

    /// Fills it by a call that had arrived by a moment.
    mutating func count(at moment: Int64) {
        // Report mode never says no, so there must be an end.
        emptyAt = min(max(emptyAt, moment) + leak, moment + Int64.max / 16)
    }

    /// How many more there is room for beside `held` calls that may arrive at any time.
    func room(held: Int, now: Int64) -> Int {
        // A part of a call counts as a whole one.
        size - held - Int((max(0, emptyAt - now) + leak - 1) / leak)
    }

    /// The first moment at which there can be room for one more.
    func opening(held: Int, now: Int64) -> Int64 {
        // So many calls' time may be left in it.
        let free = Int64(size - min(held, size) - 1) * leak
        return max(now, max(emptyAt, now) - free)
    }

    /// Takes the provider's word that so many remain, if that is less than what is believed.
    mutating func learn(remaining: Int, held: Int, now: Int64) {
        // It does not tell which of the calls under way it has counted.
        let fill = max(0, size - min(remaining, size) - held)
        emptyAt = max(emptyAt, now + Int64(fill) * leak)
    }
}
