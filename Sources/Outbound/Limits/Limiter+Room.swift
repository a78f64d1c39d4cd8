package import Bytes

/// Where there is room, and when.
extension Limiter {
    /// When there can be room for one more, and what stands against it.
    struct Opening {
        /// A limit that stands against a call.
        enum Cause {
            case block, window(Int), bucket, learned(Int), concurrent, crowd
        }

        /// No moment before is possible.
        var earliest: Int64
        /// Whether a call under way must end first, whatever the time.
        var needsEvent = false
        var cause: Cause?
    }

    /// How long to stay away when nothing but the end of a call makes room: a guess.
    private static let concurrentRetry = Duration.seconds(1)

    /// Calls that may arrive at any time.
    var held: Int { underWay + leaving.count }

    /// How many calls may go now.
    var room: Int {
        guard blockedUntil <= clock else { return 0 }
        var room = Int.max
        if let concurrent = limits.concurrent { room = concurrent - permitted.count }
        for window in windows { room = min(room, window.room(held: held)) }
        if let bucket { room = min(room, bucket.room(held: held, now: clock)) }
        for window in learned { room = min(room, window.left) }
        return room
    }

    /// When one more may go, by the limit that stands against it longest.
    var opening: Opening {
        var opening = Opening(earliest: clock)
        func put(_ moment: Int64, _ cause: Opening.Cause) {
            guard moment > opening.earliest else { return }
            opening.earliest = moment
            opening.cause = cause
        }
        put(blockedUntil, .block)
        for index in windows.indices {
            put(windows[index].opening(held: held, now: clock), .window(index))
        }
        if let bucket { put(bucket.opening(held: held, now: clock), .bucket) }
        for index in learned.indices where learned[index].left <= 0 {
            put(learned[index].until, .learned(index))
        }
        if let concurrent = limits.concurrent, permitted.count >= concurrent {
            opening.needsEvent = true
            opening.cause = opening.cause ?? .concurrent
        }
        return opening
    }

    /// Words a refusal for the limit that stands against a call.
    func refusal(_ opening: Opening) -> Refusal {
        let wait = Duration.microseconds(opening.earliest - clock)
        let least = opening.needsEvent ? Self.concurrentRetry : .zero
        return Refusal(retryAfter: max(wait, least), why: words(opening.cause))
    }

    private func words(_ cause: Opening.Cause?) -> String {
        switch cause {
        case .block:
            let moment = Timestamp(microseconds: blockedUntil)
            return "the service wants no calls until \(moment.short)"
        case .window(let index):
            return "the limit of \(windows[index].rate) is reached"
        case .bucket:
            return "the bucket of \(bucket?.size ?? 0) is full"
        case .learned(let index):
            return "nothing is left of \(learned[index].label), by the service's own word"
        case .concurrent:
            return "\(permitted.count) calls are under way, and no more may be at once"
        case .crowd:
            return "\(line.count) calls are waiting already"
        case nil:
            return "calls that came before are still waiting"
        }
    }

    /// What is used of everything, for people and for alerts.
    package struct Status: Sendable {
        /// How many wait.
        package let waiting: Int
        /// How many are permitted and not finished.
        package let inFlight: Int
        /// For each configured window, in order, how many calls count in it; others' too, as far as
        /// the provider told of them.
        package let windows: [(rate: Rate, used: Int)]
        /// Until when the service is to be left alone, if it is.
        package let blockedUntil: Timestamp?
    }

    /// What is used at a moment.
    package func status(at now: Timestamp) -> Status {
        let now = max(clock, now.microseconds)
        return Status(
            waiting: line.count,
            inFlight: permitted.count,
            windows: windows.map { ($0.rate, $0.used(held: held, at: now)) },
            blockedUntil: blockedUntil > now ? Timestamp(microseconds: blockedUntil) : nil
        )
    }
}
