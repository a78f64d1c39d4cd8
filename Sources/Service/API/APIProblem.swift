internal import HTTPServer

/// Why a request to `/v1/` is refused: becomes an answer of problem JSON.
package struct APIProblem: Error, Sendable, CustomStringConvertible {
    /// The answer's status.
    package let status: Int
    /// What kind of problem it is, for programs.
    package let word: String
    /// What is wrong, where, and what was expected; never a secret.
    package var detail: String
    /// Which event of a batch is meant, from 0.
    package var index: Int?
    /// Further headers of the answer.
    package var headers: [(String, String)] = []

    init(_ status: Int, _ word: String, _ detail: String) {
        self.status = status
        self.word = word
        self.detail = detail
    }

    /// What the request says cannot be recorded.
    static func malformed(_ detail: String) -> APIProblem { APIProblem(400, "malformed", detail) }

    /// A source for which the caller may not speak.
    static func reserved(_ source: String) -> APIProblem {
        APIProblem(
            403,
            "reserved-source",
            "the source \(source.prefix(80)) is a configured one, whose events come another way; "
                + "expected one of your own"
        )
    }

    /// Nothing was recorded, come back.
    static func unavailable(_ word: String, _ detail: String) -> APIProblem {
        var problem = APIProblem(503, word, detail)
        problem.headers = [("Retry-After", "5")]
        return problem
    }

    /// One line for people.
    package var description: String { index.map { "event \($0): \(detail)" } ?? detail }

    var answer: HTTPAnswer {
        .problem(
            status,
            word,
            description,
            headers: headers,
            json: index.map { [("index", Array("\($0)".utf8))] } ?? []
        )
    }
}
