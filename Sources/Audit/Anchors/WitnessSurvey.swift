internal import Bytes
package import Ledger
package import Merkle

/// What the witnesses of a policy know of a log, asked all at once.
package struct WitnessSurvey: Sendable {
    /// The checkpoints that they cosigned last, and gave in good form.
    package private(set) var heads: [WitnessClient.KnownHead] = []
    /// Whose word was not had, and why; a sentence each.
    package private(set) var problems: [String] = []

    /// Asks each witness for its checkpoint of a log; waits `WitnessClient.headSeconds` at most.
    package static func ask(
        _ policy: TLogPolicy,
        about origin: String,
        send: @escaping AnchorSend
    ) throws -> WitnessSurvey {
        typealias Word = Result<WitnessClient.KnownHead?, WitnessClient.Problem>
        let words = try concurrently(policy.witnesses) { witness -> Word in
            let client = WitnessClient(witness, send: send)
            return Result { () throws(WitnessClient.Problem) in try client.head(of: origin) }
        }
        var survey = WitnessSurvey()
        for (witness, word) in zip(policy.witnesses, words) {
            switch word {
            case .success(let head?): survey.heads.append(head)
            case .success(nil): continue
            case .failure(let problem):
                survey.problems.append("witness \(witness.name) \(problem)")
            }
        }
        return survey
    }

    /// The heads as a restore names them.
    package var outsideHeads: [OutsideHead] { heads.map(\.outside) }
}

extension WitnessClient.KnownHead {
    /// The head as the ledger compares it with its own.
    package var outside: OutsideHead {
        OutsideHead(
            knower: "witness \(witness)",
            size: checkpoint.size,
            root: checkpoint.root
        )
    }
}
