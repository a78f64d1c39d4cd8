internal import Ledger
internal import POSIX

/// What reaches the engine's thread from others.
final class DeliveryMailbox: Sendable {
    struct Post {
        /// Attempts that have ended.
        var results: [(flight: UInt64, result: DeliveryResult)] = []
        /// Events that could not be recorded, and why.
        var unrecorded: [(record: DeliveryRecord, problem: AppendError)] = []
        /// How many submitted groups have been answered.
        var answered = 0
        var stopBy: UInt64?
    }

    private struct State {
        var post = Post()
        var hasNews = false
        var statuses: [DeliveryStatus] = []
    }

    private let state = Monitor(State())

    private func add(_ change: (inout Post) -> Void) {
        state.withLock { state in
            change(&state.post)
            state.hasNews = true
        }
        state.signal()
    }

    /// An attempt has ended; any thread.
    func ended(_ flight: UInt64, _ result: DeliveryResult) {
        add { $0.results.append((flight, result)) }
    }

    /// The writer has answered; its thread.
    func answered(_ record: DeliveryRecord, _ problem: AppendError?) {
        add { post in
            post.answered += 1
            if let problem { post.unrecorded.append((record, problem)) }
        }
    }

    /// Asks the thread to end, at a moment of the monotonic clock at the latest; any thread.
    func stop(by nanoseconds: UInt64) {
        add { $0.stopBy = nanoseconds }
    }

    /// Takes what has come, after waiting for it for some milliseconds at most.
    func take(milliseconds: Int) -> Post {
        state.wait(until: { $0.hasNews }, milliseconds: milliseconds) { state in
            let post = state.post
            state.post = Post(stopBy: post.stopBy)
            state.hasNews = false
            return post
        }
    }

    /// How the rules stood when they were last looked at.
    var statuses: [DeliveryStatus] {
        get { state.withLock { $0.statuses } }
        set { state.withLock { $0.statuses = newValue } }
    }
}

/// What is to be recorded in one commit.
struct DeliveryRecord: Sendable {
    let drafts: [Draft]
    /// The same without what others have written, should that be what the log refuses.
    let plain: [Draft]
}

/// How a rule stands, for health reports.
package struct DeliveryStatus: Sendable, Equatable {
    /// The rule's name.
    package let rule: String
    /// Events neither delivered nor given up.
    package let pending: Int
    /// Whether a person has ordered that nothing be sent.
    package let isPaused: Bool
    /// Whether the destination has said that it is gone for good.
    package let isDisabled: Bool
}
