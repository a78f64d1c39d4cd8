internal import POSIX

/// Threads that answer questions, so that long ones hold up no request that records something.
final class QuestionQueue: Sendable {
    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var isStopping = false
        var threads: [BackgroundThread] = []
    }

    /// Questions that are answered at once: two leave the machine to those who record.
    private static let threads = 2
    /// Questions that may wait; beyond it callers are told to come back.
    private static let limit = 64

    private let state = Monitor(State())

    /// Starts the threads; whoever does must stop them.
    init() throws(SystemError) {
        for _ in 0..<Self.threads {
            let thread = try BackgroundThread("questions") { [self] in run() }
            state.withLock { $0.threads.append(thread) }
        }
    }

    /// Takes a question; `false` if too many wait.
    func submit(_ job: @escaping @Sendable () -> Void) -> Bool {
        let isTaken = state.withLock { state in
            guard !state.isStopping, state.waiting.count < Self.limit else { return false }
            state.waiting.append(job)
            return true
        }
        if isTaken { state.signal() }
        return isTaken
    }

    /// Answers what waits, and ends the threads.
    func stop() {
        state.withLock { $0.isStopping = true }
        state.broadcast()
        for thread in state.withLock({ $0.threads }) { thread.join() }
    }

    private func run() {
        while true {
            let job = state.wait(until: { !$0.waiting.isEmpty || $0.isStopping }) { state in
                state.waiting.isEmpty ? nil : state.waiting.removeFirst()
            }
            guard let job else { return }
            job()
        }
    }
}
