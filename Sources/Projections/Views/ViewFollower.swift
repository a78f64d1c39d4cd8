package import POSIX

/// Keeps all views at the end of the log while a ledger is served.
package final class ViewFollower: Sendable {
    private struct State {
        var isStopping = false
        var thread: BackgroundThread?
    }

    private let state = Monitor(State())

    /// How long the log's end is not looked at, in milliseconds; what is new is folded within a
    /// second.
    private static let pause = 200...800

    /// The pause after a round that took so long: under load, few large steps leave more of the
    /// machine to those who write than many small ones.
    private static func pause(after nanoseconds: UInt64) -> Int {
        min(max(Int(nanoseconds / 500_000), pause.lowerBound), pause.upperBound)
    }

    /// Begins to follow; `report` is told what keeps a projection from being folded, once.
    package init(
        _ views: Views,
        report: @escaping @Sendable (_ projection: String, _ problem: String) -> Void
    ) throws(SystemError) {
        let thread = try BackgroundThread("projections") { [self] in
            var known: [String: String] = [:]
            while !state.withLock({ $0.isStopping }) {
                let started = Clock.monotonicNanoseconds
                do {
                    var problems: [String: String] = [:]
                    let failures = try views.followAll { [self] in
                        !state.withLock { $0.isStopping }
                    }
                    for (name, error) in failures { problems[name] = "\(error)" }
                    for (name, problem) in problems where known[name] != problem {
                        report(name, problem)
                    }
                    known = problems
                    try views.recordDefinitions()
                } catch {
                    if known[""] != "\(error)" { report("projections", "\(error)") }
                    known[""] = "\(error)"
                }
                state.wait(
                    until: { $0.isStopping },
                    milliseconds: Self.pause(after: Clock.monotonicNanoseconds - started)
                ) { _ in }
            }
        }
        state.withLock { $0.thread = thread }
    }

    /// Folds nothing more; what is folded is on disk.
    package func stop() {
        state.withLock { $0.isStopping = true }
        state.broadcast()
        state.withLock { $0.thread }?.join()
    }
}
