internal import Bytes
internal import HTTPClient
internal import POSIX
internal import Webhooks

/// Fetches what providers publish to check their signatures with, certificates and public keys, on
/// a thread of its own, and keeps it.
///
/// The URLs of keys are the catalog's, those of certificates have been checked against the
/// provider's domain. What may be trusted, and how often a URL may be tried, is decided elsewhere.
final class TrustFetcher: Sendable {
    /// Gets a document's bytes, at most as many as given.
    typealias Get = @Sendable (_ url: String, _ byteLimit: Int) throws -> [UInt8]

    private struct Wait {
        let document: TrustDocument
        let then: @Sendable (String?) -> Void
    }

    private struct State {
        var cache = TrustCache()
        var waiting: [Wait] = []
        var isClosed = false
        var thread: BackgroundThread?
    }

    private static let mostWaiting = 256

    private let state = Monitor(State())
    private let get: Get

    init(get: @escaping Get = TrustFetcher.download) throws(SystemError) {
        self.get = get
        let thread = try BackgroundThread("trust") { [self] in run() }
        state.withLock { $0.thread = thread }
    }

    /// What was fetched so far.
    var fetched: FetchedTrust { state.withLock { $0.cache.fetched } }

    /// Calls `then` when `document` was fetched or cannot be for now (with the reason).
    ///
    /// It is not fetched if somebody else had it fetched in the meantime.
    func fetch(_ document: TrustDocument, then: @escaping @Sendable (String?) -> Void) {
        let problem: String? = state.withLock { state in
            if state.isClosed { return "the service is stopping" }
            if state.waiting.count >= Self.mostWaiting { return "too many wait for \(document)" }
            state.waiting.append(Wait(document: document, then: then))
            return nil
        }
        if let problem { then(problem) } else { state.broadcast() }
    }

    /// Answers what waits, without fetching any more, and ends the thread.
    func close() {
        state.withLock { $0.isClosed = true }
        state.broadcast()
        state.withLock { $0.thread }?.join()
    }

    private func run() {
        while true {
            let (wait, isClosed) = state.wait(until: { !$0.waiting.isEmpty || $0.isClosed }) {
                ($0.waiting.isEmpty ? nil : $0.waiting.removeFirst(), $0.isClosed)
            }
            guard let wait else { break }
            wait.then(isClosed ? "the service is stopping" : resolve(wait.document))
        }
    }

    /// Fetches `document` if it is time to; the reason if it could not be had.
    private func resolve(_ document: TrustDocument) -> String? {
        let (mustFetch, problem) = state.withLock {
            ($0.cache.mustFetch(document, at: Self.now), $0.cache.problem(of: document))
        }
        guard mustFetch else { return problem }
        do {
            let bytes = try get(document.url, TrustCache.byteLimit(of: document))
            return state.withLock { $0.cache.take(bytes, of: document, at: Self.now) }
        } catch {
            let problem = "\(error)"
            state.withLock { $0.cache.fail(document, problem, at: Self.now) }
            return problem
        }
    }

    private static var now: Timestamp { Timestamp(microseconds: Clock.microseconds) }

    /// Gets a document over HTTPS, in a time that leaves a sender some of its own.
    static func download(_ url: String, byteLimit: Int) throws -> [UInt8] {
        let limits = HTTPClient.Limits(bytes: byteLimit, seconds: 5)
        let answer = try HTTPClient().get(url, limits: limits)
        guard answer.status == 200 else { throw StatusProblem(status: answer.status) }
        return answer.body
    }

    private struct StatusProblem: Error, CustomStringConvertible {
        let status: Int
        var description: String { "its server answered \(status), expected 200" }
    }
}
