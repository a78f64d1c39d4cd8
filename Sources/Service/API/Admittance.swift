internal import Bytes
internal import HTTPServer
internal import POSIX

/// Lets requests in by the tokens that they show.
struct Admittance: Sendable {
    let tokens: Tokens

    /// Whose request it is, if a token is shown that is good for an act.
    func caller(of request: HTTPRequest, to act: Act) throws(APIProblem) -> Caller {
        let now = Timestamp(microseconds: Clock.microseconds)
        guard let caller = tokens.caller(showing: ShownCredentials(request), at: now) else {
            if let problem = tokens.problem(at: now) {
                throw .unavailable("no-tokens", "the tokens cannot be read: \(problem)")
            }
            var problem = APIProblem(
                401,
                "unauthorized",
                "no good token was shown; expected one of \"daybook tokens create\" as "
                    + "Authorization: Bearer TOKEN"
            )
            problem.headers = [("WWW-Authenticate", "Bearer realm=\"daybook\"")]
            throw problem
        }
        guard caller.role.may(act) else {
            throw APIProblem(
                403,
                "forbidden",
                "the token \(caller.name) has the role \(caller.role.rawValue), which is not good "
                    + "\(act.rawValue); expected \(act.roles)"
            )
        }
        return caller
    }
}

extension APIProblem {
    /// What a token's scope does not reach.
    static func outOfScope(_ caller: Caller, _ what: String) -> APIProblem {
        APIProblem(
            403,
            "out-of-scope",
            "the token \(caller.name) reaches \(caller.scope?.text ?? "everything"), and not \(what)"
        )
    }
}
