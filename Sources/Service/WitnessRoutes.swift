internal import Audit
internal import HTTPServer
internal import Merkle
internal import POSIX

/// What a witness answers over HTTP (C2SP tlog-witness): `POST /add-checkpoint`, and `GET
/// /HASH/checkpoint` for whoever monitors the logs.
struct WitnessRoutes: HTTPHandler {
    let witness: Witness
    /// The wall clock, in seconds since 1970.
    let now: @Sendable () -> UInt64
    /// Told of requests that could not be served.
    let report: @Sendable (String) -> Void

    private static let addPath = "/add-checkpoint"

    func admit(_ request: HTTPRequest) -> Admission {
        switch (request.method, request.path) {
        case ("POST", Self.addPath): return .body(limit: WitnessRequest.longest)
        case (_, Self.addPath):
            var answer = HTTPAnswer.text(405, "a checkpoint is sent with POST")
            answer.headers.append(("Allow", "POST"))
            return .refuse(answer)
        case ("GET", _), ("HEAD", _): return .body(limit: 0)
        default:
            return .refuse(.text(404, "not found; see POST /add-checkpoint"))
        }
    }

    func handle(_ request: HTTPRequest) -> Disposition {
        do {
            if request.path == Self.addPath {
                let answer = try witness.addCheckpoint(request.takeBody(), at: now())
                return .answer(HTTPAnswer(answer, cache: "no-store"))
            }
            let parts = request.path.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[2] == "checkpoint" else {
                return .answer(.text(404, "not found; see /SHA-256 OF ORIGIN/checkpoint"))
            }
            let answer = try witness.checkpoint(ofOrigin: String(parts[1]))
            return .answer(HTTPAnswer(answer, cache: "max-age=1"))
        } catch {
            // The client learns no paths.
            report("a request was not answered: \(error)")
            return .answer(.text(500, "the witness cannot read or write its state"))
        }
    }

    func finished(_ record: AccessRecord) {}
}

extension HTTPAnswer {
    fileprivate init(_ answer: Witness.Answer, cache: String) {
        self.init(
            status: answer.status,
            headers: [("Content-Type", answer.contentType), ("Cache-Control", cache)],
            body: answer.body
        )
    }
}
