internal import Bytes
internal import Digest
internal import Ledger
package import Merkle
internal import POSIX

/// A witness of other logs: it cosigns checkpoints that go on from what it has seen (C2SP
/// tlog-witness).
///
/// Its whole state is one file a log, the checkpoint that it cosigned last with that cosignature,
/// in one folder. It is read, compared and replaced under a lock, and is on disk before a
/// cosignature is given out: of two requests at once one waits for the other, in this process or
/// another.
package final class Witness: Sendable {
    /// An answer to a request.
    package struct Answer: Hashable, Sendable {
        package let status: Int
        package let contentType: String
        package let body: [UInt8]

        init(_ status: Int, _ text: String, contentType: String = "text/plain; charset=utf-8") {
            self.status = status
            self.contentType = contentType
            body = Array((text + "\n").utf8)
        }

        init(_ body: [UInt8]) {
            status = 200
            contentType = "text/plain; charset=utf-8"
            self.body = body
        }
    }

    /// The media type of an answer that names the recorded size.
    package static let sizeType = "text/x.tlog.size"
    /// Seconds that the clock may stand behind the last cosignature; within them that one's time is
    /// signed again, beyond them the clock went back and nothing is signed.
    package static let clockTolerance: UInt64 = 60
    /// The most forks that are kept of one log; the first of them already proves all there is.
    package static let mostForks = 16

    /// The public key by which cosignatures are checked.
    package var vkey: VKey { key.vkey }
    private let key: WitnessKey
    private let logs: [VKey]
    private let folder: String

    /// Opens a witness's folder, and makes it if it is missing.
    ///
    /// `logs` are the keys of the logs that it witnesses, named after their origins.
    package init(key: WitnessKey, logs: [VKey], folder: String) throws {
        for log in logs where log.type != .ed25519 {
            throw AuditProblem.usage("\(log) is the key of a witness, expected one of a log")
        }
        self.key = key
        self.logs = logs
        self.folder = folder
        try Files.makeFolder(folder)
    }

    /// Answers `add-checkpoint`; `seconds` is the time since 1970.
    ///
    /// - Throws: when the state cannot be read or written; then nothing was cosigned.
    package func addCheckpoint(_ body: [UInt8], at seconds: UInt64) throws -> Answer {
        // The origin names the lock, so it is looked for before what that guards is read. Whatever
        // is no request of a known log is refused before anything is read, and needs no lock.
        guard let origin = Self.origin(of: body), logs.contains(where: { $0.name == origin })
        else { return try answer(body, at: seconds) }
        return try Files.withLock(path(origin, "lock")) { try answer(body, at: seconds) }
    }

    /// The checkpoint that was cosigned last for the log whose origin has this SHA-256, in hex.
    package func checkpoint(ofOrigin hash: String) throws -> Answer {
        guard let log = logs.first(where: { Self.hash($0.name) == hash }),
            let record = try record(log.name)
        else {
            return Answer(404, "no checkpoint of such a log was cosigned here")
        }
        return Answer(record.note.bytes)
    }

    private func answer(_ body: [UInt8], at seconds: UInt64) throws -> Answer {
        let decision = try WitnessDecision.make(for: body.span, logs: logs) { origin in
            try record(origin)?.checkpoint
        }
        switch decision {
        case .refuse(let status, let reason): return Answer(status, reason)
        case .conflict(let size): return Answer(409, "\(size)", contentType: Self.sizeType)
        case .fork(let note):
            try keepFork(note)
            return Answer(
                422,
                "this log signed another tree of this size before; both checkpoints are kept"
            )
        case .cosign(let checkpoint, let note):
            return try cosign(checkpoint, note, at: seconds)
        }
    }

    private func cosign(
        _ checkpoint: Checkpoint,
        _ note: SignedNote,
        at seconds: UInt64
    ) throws -> Answer {
        let last = try record(checkpoint.origin)?.time ?? 0
        guard seconds + Self.clockTolerance >= last else {
            return Answer(503, "the witness's clock went back by \(last - seconds) seconds")
        }
        let signature = try key.cosign(note.text.span, at: max(seconds, last))
        // Of the signatures that came, those of the log's keys alone are kept.
        let known = note.signatures.filter { signature in
            logs.contains { $0.keyID == signature.keyID && $0.name == signature.name }
        }
        let kept = try SignedNote(text: note.text, signatures: known + [signature])
        // On disk before it is given out: what was said must not be forgotten.
        try Files.replace(path(checkpoint.origin, "checkpoint"), with: kept.bytes, mode: 0o644)
        var line: [UInt8] = []
        signature.append(to: &line)
        return Answer(line)
    }

    // MARK: - State

    private struct Record {
        let note: SignedNote
        let checkpoint: Checkpoint
        let time: UInt64
    }

    /// What was cosigned last for a log; a file that is not ours is an error, never "nothing".
    private func record(_ origin: String) throws -> Record? {
        let path = path(origin, "checkpoint")
        guard Files.exists(path) else { return nil }
        let bytes = try Files.read(path, limit: SignedNote.longestNote)
        let note = try SignedNote(bytes.span)
        let verified = try note.verify(with: [key.vkey], checkSignature)
        let text = note.text
        let checkpoint = try Checkpoint(text.span)
        guard checkpoint.hasOrigin(origin), let time = verified.first?.timestamp else {
            throw AuditProblem.refused("\(path) is of another log")
        }
        return Record(note: note, checkpoint: checkpoint, time: time)
    }

    private func keepFork(_ note: [UInt8]) throws {
        guard let origin = Self.checkpoint(note)?.origin else { return }
        let name = Self.hash(origin)
        let kept = try Files.list(folder).filter { $0.hasPrefix("\(name).fork-") }
        let digest = SHA256.hash(note.span).description.prefix(16)
        let path = path(origin, "fork-\(digest)")
        guard kept.count < Self.mostForks, !Files.exists(path) else { return }
        try Files.create(path, with: note, mode: 0o644)
    }

    private func path(_ origin: String, _ kind: String) -> String {
        "\(folder)/\(Self.hash(origin)).\(kind)"
    }

    /// The name under which a log's checkpoint is served: hex of the SHA-256 of its origin.
    package static func hash(_ origin: String) -> String {
        SHA256.hash(origin.utf8Span.span).description
    }

    private static func checkpoint(_ note: [UInt8]) -> Checkpoint? {
        guard let note = try? SignedNote(note.span) else { return nil }
        let text = note.text
        return try? Checkpoint(text.span)
    }

    private static func origin(of body: [UInt8]) -> String? {
        guard let request = try? WitnessRequest(body.span) else { return nil }
        return checkpoint(request.checkpoint)?.origin
    }
}
