internal import Bytes
internal import Digest
internal import Ledger
package import Merkle

/// What a witness answers to a request, decided from the request and what it knows, and nothing
/// else (C2SP tlog-witness; statuses of the newer text where the two differ).
package enum WitnessDecision: Hashable, Sendable {
    /// The checkpoint goes on from what is known: record it, then cosign it.
    case cosign(Checkpoint, note: SignedNote)
    /// The request's old size is not the recorded one, which is this.
    case conflict(recorded: UInt64)
    /// The log has signed another tree of the recorded size: proof of a fork.
    case fork(note: [UInt8])
    /// Anything else that is wrong.
    case refuse(status: Int, reason: String)

    /// Decides on a request.
    ///
    /// `logs` are the keys of the logs that are witnessed, each named after its log's origin,
    /// several for one log while it changes its key. `recorded` gives the checkpoint that was
    /// cosigned last for a log; it is asked once, for a request whose form and signature are good.
    package static func make(
        for body: Span<UInt8>,
        logs: [VKey],
        recorded: (_ origin: String) throws -> Checkpoint?
    ) rethrows -> WitnessDecision {
        let parts: Parts
        do throws(Refusal) {
            parts = try Parts(body, logs)
        } catch {
            return .refuse(status: error.status, reason: error.reason)
        }
        let known = try recorded(parts.checkpoint.origin)
        return parts.decide(known)
    }

    private struct Refusal: Error {
        let status: Int
        let reason: String

        init(_ status: Int, _ reason: String) {
            self.status = status
            self.reason = reason
        }
    }

    /// A request whose form and signature are good.
    private struct Parts {
        let request: WitnessRequest
        let note: SignedNote
        let checkpoint: Checkpoint

        init(_ body: Span<UInt8>, _ logs: [VKey]) throws(Refusal) {
            let checkpoint: Checkpoint
            let note: SignedNote
            do {
                request = try WitnessRequest(body)
                let bytes = request.checkpoint
                note = try SignedNote(bytes.span)
                let text = note.text
                checkpoint = try Checkpoint(text.span)
            } catch NoteError.notASignature(let line) {
                // Other decoders of base64 take what ours refuses, and then find the signature
                // wrong: the published conversation expects the answer for that.
                throw Refusal(403, "\(NoteError.notASignature(line: line))")
            } catch {
                throw Refusal(400, "\(error)")
            }
            self.note = note
            self.checkpoint = checkpoint
            let keys = logs.filter { checkpoint.hasOrigin($0.name) }
            guard !keys.isEmpty else {
                throw Refusal(404, "this witness does not know the log of this origin")
            }
            do {
                _ = try note.verify(with: keys, checkSignature)
            } catch {
                throw Refusal(403, "\(error)")
            }
            guard request.old <= checkpoint.size else {
                throw Refusal(
                    400,
                    "old size \(request.old) is above the checkpoint's, \(checkpoint.size)"
                )
            }
        }

        func decide(_ known: Checkpoint?) -> WitnessDecision {
            let recorded = known?.size ?? 0
            guard request.old == recorded else { return .conflict(recorded: recorded) }
            if let known, known.size == checkpoint.size {
                if known.root != checkpoint.root { return .fork(note: request.checkpoint) }
                guard request.path.isEmpty else {
                    return .refuse(status: 422, reason: "a proof from a size to itself is empty")
                }
                return .cosign(checkpoint, note: note)
            }
            return decideGrowth(from: known, recorded)
        }

        private func decideGrowth(from known: Checkpoint?, _ recorded: UInt64) -> WitnessDecision {
            if recorded == 0 {
                guard request.path.isEmpty else {
                    return .refuse(status: 422, reason: "a proof from size 0 is empty")
                }
                if checkpoint.size == 0, checkpoint.root != SHA256.emptyRoot {
                    return .refuse(status: 422, reason: "this is not the root of the empty tree")
                }
                return .cosign(checkpoint, note: note)
            }
            let proof = ConsistencyProof(
                oldSize: recorded,
                newSize: checkpoint.size,
                path: request.path
            )
            do {
                try proof.verify(
                    oldRoot: known?.root ?? .zero,
                    newRoot: checkpoint.root,
                    using: SHA256.self
                )
            } catch {
                return .refuse(status: 422, reason: "\(error)")
            }
            return .cosign(checkpoint, note: note)
        }
    }
}
