internal import Bytes

/// How many calls arrived within the last time of a length, counted so that no window of the
/// provider's of that length, wherever it begins, holds more than may be.
///
/// A call counts from the moment at which it had certainly arrived until its slot's length later.
/// Windows that begin at whole minutes are some of all the windows that slide, so they hold too.
/// All moments and lengths are microseconds.
struct SlidingWindow: Sendable {
    /// A slot is held longer by this part of its window, since two clocks differ in speed.
    ///
    /// Ordinary quartz is off by some 50 millionths, theirs and ours apart by twice that.
    static let clockPart: Int64 = 10_000
    /// The largest count for which each call's own moment is kept: 24 bytes each.
    private static let exactCount = 8192
    /// Into how many parts a window of more calls is cut; a part counts as its latest moment.
    private static let parts: Int64 = 4096
    /// The most runs that are kept, whatever is counted: report mode never says no.
    private static let mostRuns = 2 * exactCount

    /// Calls whose moments are not told apart.
    private struct Run {
        let first: Int64
        let last: Int64
        /// How many calls were counted ever, up to and with this run.
        let total: UInt64
    }

    let rate: Rate
    /// How long a call counts after it has arrived.
    let length: Int64
    private let grain: Int64
    private var runs = Fifo<Run>()
    private var counted: UInt64 = 0
    private var expired: UInt64 = 0
    /// Calls of others, as far as the provider's word is the only sign of them.
    private var others = 0
    private var othersUntil = Timestamp.min.microseconds

    init(_ rate: Rate) {
        self.rate = rate
        let window = Int64(rate.window.seconds) * 1_000_000
        length = window + window / Self.clockPart
        grain = rate.count > Self.exactCount ? window / Self.parts : 0
    }

    /// Calls of our own that count still.
    private var settled: Int { Int(counted - expired) }

    /// Forgets what has left the window; moments never go back.
    mutating func pass(to now: Int64) {
        while let first = runs.first, first.last + length <= now {
            expired = first.total
            _ = runs.popFirst()
        }
        if othersUntil <= now { others = 0 }
    }

    /// Counts a call that had arrived by a moment.
    mutating func count(at moment: Int64) {
        counted += 1
        if let last = runs.last {
            // Later than it was is against us, so it is never wrong.
            let moment = max(moment, last.last)
            if moment - last.first <= grain || runs.count >= Self.mostRuns {
                runs.replaceLast(Run(first: last.first, last: moment, total: counted))
            } else {
                runs.append(Run(first: moment, last: moment, total: counted))
            }
        } else {
            runs.append(Run(first: moment, last: moment, total: counted))
        }
    }

    /// How many more there is room for beside `held` calls that may arrive at any time.
    func room(held: Int) -> Int {
        rate.count - held - settled - others
    }

    /// The first moment at which there can be room for one more.
    func opening(held: Int, now: Int64) -> Int64 {
        let ours = opening(over: 1 - room(held: held) - others, now: now)
        guard others > 0 else { return ours }
        return min(
            opening(over: 1 - room(held: held), now: now),
            max(ours, othersUntil)
        )
    }

    /// When so many of those that count will count no more.
    private func opening(over: Int, now: Int64) -> Int64 {
        guard over > 0 else { return now }
        // The rest has not arrived yet, and then counts for the whole length.
        guard over <= settled else { return now + length }
        let target = expired + UInt64(over)
        return runs[runs.prefixCount { $0.total < target }].last + length
    }

    /// How many calls count at a moment that may be later than the last one passed.
    func used(held: Int, at now: Int64) -> Int {
        let gone = runs.prefixCount { $0.last + length <= now }
        let ours = gone == 0 ? settled : Int(counted - runs[gone - 1].total)
        return held + ours + (othersUntil > now ? others : 0)
    }

    /// Takes the provider's word that so many remain; it lowers what is believed until a moment.
    ///
    /// It does not tell which of the `held` calls it has counted, so the number of others' calls is
    /// known within bounds only: what was believed of them moves no further than to the nearer one.
    mutating func learn(remaining: Int, held: Int, until: Int64, now: Int64) {
        let most = rate.count - settled - min(remaining, rate.count)
        others = max(0, min(max(others, most - held), most))
        othersUntil = others > 0 ? min(until, now + length) : now
    }
}
