internal import Bytes
internal import Digest
package import Ledger
internal import Merkle
internal import POSIX

/// Has a log's checkpoints vouched for by others: cosigned by witnesses, stamped by a time stamp
/// authority.
package struct Anchors: Sendable {
    private let ledger: Ledger
    private let settings: AnchorSettings
    private let send: AnchorSend

    /// Takes a log, open for appending if it is to be anchored, and who is to anchor it.
    ///
    /// - Throws: `AuditProblem.usage` if the policy names logs and this one is not among them.
    package init(
        _ ledger: Ledger,
        _ settings: AnchorSettings,
        send: @escaping AnchorSend = AnchorTransport.http
    ) throws(AuditProblem) {
        let logs = settings.policy?.logs ?? []
        guard logs.isEmpty || logs.contains(where: { $0.vkey.name == ledger.origin }) else {
            throw .usage(
                "the policy is for other logs (\(logs.map(\.vkey.name).joined(separator: ", "))), "
                    + "expected a log line for \(ledger.origin), or none at all"
            )
        }
        self.ledger = ledger
        self.settings = settings
        self.send = send
    }

    // MARK: - Before anything is appended

    /// Refuses to go on with a log that a witness knows to be longer or another, as a restored old
    /// copy is; the evidence is kept in the ledger's folder.
    ///
    /// `warn` is told of witnesses whose word is not had: they do not keep a ledger from starting.
    package func requireKnownHeads(warn: (String) -> Void) throws {
        guard let policy = settings.policy else { return }
        let survey = try WitnessSurvey.ask(policy, about: ledger.origin, send: send)
        for problem in survey.problems {
            warn("\(problem); whether this log is the newest is not known from it")
        }
        for known in survey.heads {
            switch try ledger.fit(of: known.outside) {
            case .fits: continue
            case .givenUp(let event):
                warn(
                    "witness \(known.witness) still holds to the log before the restore that event "
                        + "\(event) tells of, and will not cosign until its operator forgets that"
                )
            case .shorter, .differs:
                let head = try AnchoredHead(newestOf: ledger)
                let file = try ForkEvidence(known, head).keep(ledger: ledger.path).file
                warn("what witness \(known.witness) cosigned and what is here is kept in \(file)")
                try ledger.require(known.outside)
            }
        }
    }

    // MARK: - Anchoring

    private enum Task: Sendable {
        case witness(TLogPolicy.Witness)
        case authority(TimestampAuthority)
    }

    private enum Work: Sendable {
        case witness(TLogPolicy.Witness, WitnessClient.Outcome)
        case stamp(String, Result<([UInt8], TimestampReply.Holder), WitnessClient.Problem>)
    }

    /// Has the newest checkpoint anchored by all at once, and records what they gave.
    ///
    /// `now` is the time in seconds since 1970. Whoever does not vouch is named in the round: that
    /// is no error here.
    package func anchor(by actor: Actor, at now: UInt64) throws -> AnchorRound {
        guard let writer = ledger.writer else { throw AppendError.stopped }
        let head = try AnchoredHead(newestOf: ledger)
        let done = try ask(head, now)
        var gathered = Gathered(note: head.note)
        var drafts: [Draft] = []
        for work in done {
            switch work {
            case .witness(let witness, let outcome):
                try take(outcome, of: witness, head, actor, &gathered, &drafts)
            case .stamp(let name, let result):
                gathered.take(result, of: name)
            }
        }
        let hasQuorum = settings.policy?.isMet(by: gathered.cosigners) ?? true
        let size = head.checkpoint.size
        if let (reply, holder) = gathered.stamp {
            drafts.insert(AnchorEvent.draft(reply, of: holder, size: size, by: actor), at: 0)
        }
        if !gathered.cosigned.isEmpty {
            let draft = AnchorEvent.draft(
                gathered.note,
                size: size,
                cosigned: gathered.cosigned,
                hasQuorum: hasQuorum,
                by: actor
            )
            drafts.insert(draft, at: 0)
        }
        return AnchorRound(
            checkpoint: head.checkpoint,
            parties: gathered.parties,
            hasQuorum: hasQuorum,
            quorumText: settings.policy?.quorumText ?? "nobody",
            receipts: try writer.append(drafts)
        )
    }

    private func ask(_ head: AnchoredHead, _ now: UInt64) throws -> [Work] {
        let witnesses = (settings.policy?.witnesses ?? []).map { Task.witness($0) }
        let authorities = settings.authority.map { [Task.authority($0)] } ?? []
        let send = send
        return try concurrently(witnesses + authorities) { task in
            switch task {
            case .witness(let witness):
                let client = WitnessClient(witness, send: send)
                return .witness(witness, try client.cosign(head, at: now))
            case .authority(let authority):
                return .stamp(authority.url, Self.stamp(authority, head, now, send))
            }
        }
    }

    private static func stamp(
        _ authority: TimestampAuthority,
        _ head: AnchoredHead,
        _ now: UInt64,
        _ send: @escaping AnchorSend
    ) -> Result<([UInt8], TimestampReply.Holder), WitnessClient.Problem> {
        let random = Random.fill(8)
        // The first bit is cleared: there are authorities that take the nonce for a signed number.
        let nonce = (BigEndian.uint64(random.span, at: 0) ?? 0) >> 1
        do {
            let client = TimestampClient(authority, send: send)
            let (reply, holder) = try client.stamp(head, nonce: nonce, at: now)
            return .success((reply, holder))
        } catch {
            return .failure(WitnessClient.Problem("\(error)"))
        }
    }

    /// What was had so far.
    private struct Gathered {
        var note: SignedNote
        var cosigned: [(name: String, seconds: UInt64)] = []
        var cosigners: Set<VKey> = []
        var stamp: ([UInt8], TimestampReply.Holder)?
        var parties: [AnchorRound.Party] = []

        mutating func add(_ kind: AnchorKind, _ name: String, _ result: AnchorRound.Result) {
            parties.append(AnchorRound.Party(kind: kind, name: name, result: result))
        }

        mutating func take(
            _ result: Result<([UInt8], TimestampReply.Holder), WitnessClient.Problem>,
            of name: String
        ) {
            switch result {
            case .success(let stamp):
                self.stamp = stamp
                add(.timestamp, name, .anchored(stamp.1.time))
            case .failure(let problem):
                add(.timestamp, name, .failed(problem.description))
            }
        }
    }

    private func take(
        _ outcome: WitnessClient.Outcome,
        of witness: TLogPolicy.Witness,
        _ head: AnchoredHead,
        _ actor: Actor,
        _ gathered: inout Gathered,
        _ drafts: inout [Draft]
    ) throws {
        switch outcome {
        case .cosigned(let signature, let seconds):
            try gathered.note.add(signature)
            gathered.cosigners.insert(witness.vkey)
            gathered.cosigned.append((witness.name, seconds))
            let time = Timestamp(unixSeconds: Int64(clamping: seconds)) ?? .max
            gathered.add(.witness, witness.name, .anchored(time))
        case .failed(let reason):
            gathered.add(.witness, witness.name, .failed(reason))
        case .fork(let known):
            if case .givenUp(let event) = try ledger.fit(of: known.outside) {
                let reason = "holds to the log before the restore that event \(event) tells of"
                gathered.add(.witness, witness.name, .failed(reason))
                return
            }
            let evidence = try ForkEvidence(known, head)
            let kept = try evidence.keep(ledger: ledger.path)
            // Told once: each round finds it again.
            if kept.isNew { drafts.append(evidence.draft(by: actor)) }
            gathered.add(.witness, witness.name, .fork(file: kept.file))
        }
    }
}
