internal import Digest
internal import HTTPClient
internal import POSIX
internal import Webhooks

/// Fetches the certificates that signatures name by URL, on a thread of its own, and keeps them.
///
/// The URLs have been checked against the provider's domain; the chain is checked by whoever uses
/// the certificate. A URL that failed is not tried again for a minute.
final class CertificateFetcher: Sendable {
    private struct Wait {
        let url: String
        let then: @Sendable (String?) -> Void
    }

    private struct State {
        var known: [String: [Certificate]] = [:]
        var failed: [String: (problem: String, until: UInt64)] = [:]
        var waiting: [Wait] = []
        var isClosed = false
        var thread: BackgroundThread?
    }

    private static let mostWaiting = 256
    private static let mostKnown = 64
    private static let limits = HTTPClient.Limits(bytes: 64 << 10, seconds: 5)

    private let state = Monitor(State())

    init() throws(SystemError) {
        let thread = try BackgroundThread("certificates") { [self] in run() }
        state.withLock { $0.thread = thread }
    }

    /// The certificates fetched so far, leaf first, by URL.
    var known: [String: [Certificate]] { state.withLock { $0.known } }

    /// Calls `then` when the certificate at `url` is known or has failed to be (with the reason).
    func fetch(_ url: String, then: @escaping @Sendable (String?) -> Void) {
        let isTaken = state.withLock { state in
            guard state.waiting.count < Self.mostWaiting, !state.isClosed else { return false }
            state.waiting.append(Wait(url: url, then: then))
            return true
        }
        if isTaken { state.broadcast() } else { then("too many wait for certificates") }
    }

    /// Answers what waits and ends the thread.
    func close() {
        state.withLock { $0.isClosed = true }
        state.broadcast()
        state.withLock { $0.thread }?.join()
    }

    private func run() {
        while true {
            let wait = state.wait(until: { !$0.waiting.isEmpty || $0.isClosed }) { state in
                state.waiting.isEmpty ? nil : state.waiting.removeFirst()
            }
            guard let wait else { break }
            wait.then(resolve(wait.url))
        }
    }

    /// Makes `url` known; the reason if that fails.
    private func resolve(_ url: String) -> String? {
        let now = Clock.monotonicNanoseconds
        let earlier: (isKnown: Bool, problem: String?) = state.withLock { state in
            if state.known[url] != nil { return (true, nil) }
            return (false, state.failed[url].flatMap { $0.until > now ? $0.problem : nil })
        }
        if earlier.isKnown || earlier.problem != nil { return earlier.problem }
        do {
            let answer = try HTTPClient().get(url, limits: Self.limits)
            guard answer.status == 200 else { throw HTTPStatusProblem(status: answer.status) }
            let chain = try Certificate.parseAll(pem: answer.body)
            state.withLock { state in
                if state.known.count >= Self.mostKnown { state.known.removeAll() }
                state.known[url] = chain
            }
            return nil
        } catch {
            let problem = "\(error)"
            state.withLock { state in
                if state.failed.count >= Self.mostKnown { state.failed.removeAll() }
                state.failed[url] = (problem, now + 60_000_000_000)
            }
            return problem
        }
    }

    private struct HTTPStatusProblem: Error, CustomStringConvertible {
        let status: Int
        var description: String { "its server answered \(status), expected 200" }
    }
}
