internal import Bytes
internal import Digest
internal import Ledger
package import Merkle

/// Asks one witness: for the checkpoint that it knows, or for a cosignature (C2SP tlog-witness).
package struct WitnessClient: Sendable {
    /// Seconds by which a witness's clock may differ from ours; a time further off is no evidence,
    /// and one of the two clocks is wrong.
    package static let clockTolerance: UInt64 = 600
    /// How often a request is made again from the size that the witness names, while others anchor
    /// the same log at the same time.
    package static let mostTries = 4
    /// Seconds for one request for a cosignature.
    package static let seconds: Double = 10
    /// Seconds for one question after a checkpoint, for which a start waits.
    package static let headSeconds: Double = 5
    /// The most signature lines that an answer may have.
    private static let mostLines = 16

    /// The witness.
    package let witness: TLogPolicy.Witness
    private let send: AnchorSend

    /// Takes a witness of a policy.
    package init(_ witness: TLogPolicy.Witness, send: @escaping AnchorSend) {
        self.witness = witness
        self.send = send
    }

    /// What became of a request for a cosignature.
    package enum Outcome: Sendable {
        /// It cosigned, at this moment.
        case cosigned(SignedNote.Signature, seconds: UInt64)
        /// It knows a log that ours does not go on from.
        case fork(KnownHead)
        /// It did not, or what it said is not to be believed.
        case failed(String)
    }

    /// A checkpoint that the witness cosigned, and so knows.
    package struct KnownHead: Hashable, Sendable {
        /// The witness's name in the policy.
        package let witness: String
        package let checkpoint: Checkpoint
        /// The note as the witness gave it, with its cosignature.
        package let note: [UInt8]
    }

    /// Why a witness's word is not had, or not believed.
    package struct Problem: Error, CustomStringConvertible {
        package let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    private var base: String {
        var base = witness.url ?? ""
        while base.hasSuffix("/") { base.removeLast() }
        return base
    }

    // MARK: - What it knows

    /// The checkpoint of a log that the witness cosigned last; `nil` if it cosigned none.
    package func head(
        of origin: String,
        seconds: Double = headSeconds
    ) throws(Problem) -> KnownHead? {
        let answer = try ask(
            AnchorRequest(
                method: "GET",
                url: "\(base)/\(Witness.hash(origin))/checkpoint",
                contentType: nil,
                body: [],
                seconds: seconds
            )
        )
        if answer.status == 404 { return nil }
        guard answer.status == 200 else { throw unexpected(answer) }
        do {
            let note = try SignedNote(answer.body.span)
            _ = try note.verify(with: [witness.vkey], checkSignature)
            let text = note.text
            let checkpoint = try Checkpoint(text.span)
            guard checkpoint.hasOrigin(origin) else {
                throw Problem("gave a checkpoint of another log, \(checkpoint.origin)")
            }
            // A witness cannot make up a log's checkpoint alone.
            guard note.signatures.contains(where: { $0.name == origin }) else {
                throw Problem("gave a checkpoint that no key of the log signed")
            }
            return KnownHead(witness: witness.name, checkpoint: checkpoint, note: answer.body)
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem("gave a checkpoint that is not to be believed: \(error)")
        }
    }

    // MARK: - Cosignatures

    /// Has a checkpoint cosigned; `now` is the time in seconds since 1970.
    package func cosign(_ head: AnchoredHead, at now: UInt64) throws -> Outcome {
        do {
            return try tryCosigning(head, at: now)
        } catch let problem as Problem {
            return .failed(problem.description)
        }
    }

    private func tryCosigning(_ head: AnchoredHead, at now: UInt64) throws -> Outcome {
        let size = head.checkpoint.size
        // The witness says itself from where on: asked about nothing, it names its size.
        var old: UInt64 = 0
        for _ in 0..<Self.mostTries {
            let request = WitnessRequest(
                old: old,
                path: try head.path(from: old),
                checkpoint: head.note.bytes
            )
            let answer = try ask(
                AnchorRequest(
                    method: "POST",
                    url: "\(base)/add-checkpoint",
                    contentType: "text/plain; charset=utf-8",
                    body: request.bytes,
                    seconds: Self.seconds
                )
            )
            switch answer.status {
            case 200: return try cosignature(in: answer.body, of: head, at: now)
            case 404:
                throw Problem(
                    "does not know the log \(head.checkpoint.origin); give its operator the key"
                )
            case 403:
                throw Problem(
                    "does not trust the key that signs the log now; give its operator the new one"
                )
            case 422: return try disagreement(with: head, answer)
            case 409:
                guard let recorded = Self.size(in: answer.body) else { throw unexpected(answer) }
                // Version 1.0.0 answers so to another root of the recorded size.
                if recorded == old || recorded > size {
                    return try disagreement(with: head, answer)
                }
                old = recorded
            default: throw unexpected(answer)
            }
        }
        throw Problem("named another size each of \(Self.mostTries) times")
    }

    /// Why a witness refuses what ought to be consistent: the log that it knows is another.
    private func disagreement(
        with head: AnchoredHead,
        _ answer: (status: Int, body: [UInt8])
    ) throws -> Outcome {
        guard let known = try self.head(of: head.checkpoint.origin, seconds: Self.seconds) else {
            throw unexpected(answer)
        }
        let size = known.checkpoint.size
        if size <= head.checkpoint.size, try head.root(size: size) == known.checkpoint.root {
            throw unexpected(answer)
        }
        return .fork(known)
    }

    private func cosignature(
        in body: [UInt8],
        of head: AnchoredHead,
        at now: UInt64
    ) throws(Problem) -> Outcome {
        let lines = body.split(separator: 0x0a, maxSplits: Self.mostLines)
        for line in lines.prefix(Self.mostLines) {
            let line = Array(line)
            guard let signature = SignedNote.Signature(line: line.span),
                signature.name == witness.vkey.name, signature.keyID == witness.vkey.keyID
            else { continue }
            let seconds = try time(of: signature, on: head.note)
            let distance = seconds > now ? seconds - now : now - seconds
            guard distance <= Self.clockTolerance else {
                throw Problem(
                    "signed with a clock that is \(distance) seconds "
                        + "\(seconds > now ? "ahead of" : "behind") ours; one of the two is wrong"
                )
            }
            return .cosigned(signature, seconds: seconds)
        }
        throw Problem("answered without a cosignature of \(witness.vkey)")
    }

    private func time(
        of signature: SignedNote.Signature,
        on note: SignedNote
    ) throws(Problem) -> UInt64 {
        do {
            let cosigned = try SignedNote(text: note.text, signatures: [signature])
            let verified = try cosigned.verify(with: [witness.vkey], checkSignature)
            guard let time = verified.first?.timestamp else {
                throw Problem("gave a signature without a time")
            }
            return time
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem("gave a wrong cosignature: \(error)")
        }
    }

    private func ask(_ request: AnchorRequest) throws(Problem) -> (status: Int, body: [UInt8]) {
        guard witness.url != nil else { throw Problem("has no url in the policy") }
        do {
            return try send(request)
        } catch {
            throw Problem("\(error)")
        }
    }

    private func unexpected(_ answer: (status: Int, body: [UInt8])) -> Problem {
        Problem("answered \(answer.status): \(AnchorTransport.words(answer.body))")
    }

    private static func size(in body: [UInt8]) -> UInt64? {
        guard body.last == 0x0a else { return nil }
        return Decimal.parse(body.span.extracting(..<(body.count - 1)))
    }
}
