package import Bytes
package import Digest
package import Ledger
package import Merkle

/// What a log's anchors prove, checked by the keys that the reader trusts.
package struct AnchorReport: Sendable {
    /// The newest checkpoint that somebody vouches for.
    package struct Holding: Hashable, Sendable {
        package let kind: AnchorKind
        /// The witness's name in the policy, or the authority's as its certificate has it.
        package let name: String
        /// It covers the log's first `size` events.
        package let size: UInt64
        /// Since when that is known outside.
        package let time: Timestamp
        /// The event that tells of it.
        package let sequence: UInt64
    }

    /// Events in the log.
    package let logSize: UInt64
    /// Anchors that the log tells of.
    package internal(set) var count = 0
    /// The newest of each who vouches, in the order of their names.
    package internal(set) var holdings: [Holding] = []
    /// The most events that a quorum of the policy has cosigned; 0 for none.
    package internal(set) var quorumSize: UInt64 = 0
    package internal(set) var findings: [Finding] = []
    /// What could not be checked, a sentence each.
    package internal(set) var limits: [String] = []

    /// The most events that somebody vouches for.
    package var size: UInt64 { holdings.map(\.size).max() ?? 0 }

    /// Whether nothing worse than a notice was found.
    package var isSound: Bool { findings.allSatisfy { $0.kind == .notice } }

    init(logSize: UInt64) { self.logSize = logSize }

    /// Compares the log with what the witnesses say that they know, asked just now: what was
    /// written anew together with its anchors shows only so.
    package mutating func compare(_ ledger: Ledger, with survey: WitnessSurvey) throws {
        limits += survey.problems
        for head in survey.outsideHeads {
            let found: String
            switch try ledger.fit(of: head) {
            case .fits: continue
            case .shorter(let size): found = "\(size) events"
            case .differs: found = "root \(try ledger.read { try $0.root(size: head.size) })"
            case .givenUp(let event):
                limits.append("\(head.knower): it holds to what event \(event) gave up")
                continue
            }
            findings.append(
                Finding(
                    .manipulation,
                    .ledger(head.knower),
                    "events known outside the log",
                    expected: "root \(head.root) at \(head.size)",
                    found: found
                )
            )
        }
    }
}

/// Checks the anchors that a log tells of: that each is of this very log, and who vouches since
/// when.
package struct AnchorCheck {
    /// Microseconds by which a time given outside may lie outside the times that were recorded
    /// around it, before a clock is said to be wrong.
    static let clockTolerance: Int64 = 600_000_000

    private let ledger: Ledger
    private let policy: TLogPolicy?
    private let roots: [Certificate]
    private let logKeys: [VKey]
    private var report: AnchorReport
    private var unknownWitnesses: Set<String> = []
    private var unchecked = 0

    /// Checks all anchors; `policy` names the witnesses to believe, `roots` the authorities.
    package static func run(
        _ ledger: Ledger,
        policy: TLogPolicy?,
        roots: [Certificate]
    ) throws -> AnchorReport {
        var check = try AnchorCheck(ledger, policy, roots)
        for anchor in try AnchorList.read(ledger) { try check.take(anchor) }
        return check.finished
    }

    private init(_ ledger: Ledger, _ policy: TLogPolicy?, _ roots: [Certificate]) throws {
        self.ledger = ledger
        self.policy = policy
        self.roots = roots
        logKeys = try ledger.keys().map { try VKey($0.vkey, using: SHA256.self) }
        report = AnchorReport(logSize: try ledger.read { try $0.size })
    }

    private var finished: AnchorReport {
        var report = report
        report.holdings.sort { ($0.kind.rawValue, $0.name) < ($1.kind.rawValue, $1.name) }
        if !unknownWitnesses.isEmpty {
            let names = unknownWitnesses.sorted().prefix(10).joined(separator: ", ")
            report.limits.append("cosignatures of witnesses that no policy names: \(names)")
        }
        if unchecked > 0 {
            report.limits.append(
                "\(unchecked) time stamps: no certificates of an authority are configured"
            )
        }
        return report
    }

    private mutating func take(_ anchor: Anchor) throws {
        report.count += 1
        guard anchor.size <= anchor.sequence else {
            return add(
                anchor,
                "what it covers",
                expected: "at most the \(anchor.sequence) events before it",
                found: "\(anchor.size)"
            )
        }
        guard let content = anchor.content else {
            report.limits.append("the anchor of event \(anchor.sequence): its content is gone")
            return
        }
        switch anchor.kind {
        case .witness: try takeNote(content, anchor)
        case .timestamp: try takeStamp(content, anchor)
        }
    }

    // MARK: - Cosigned checkpoints

    private mutating func takeNote(_ content: [UInt8], _ anchor: Anchor) throws {
        let note: SignedNote
        let checkpoint: Checkpoint
        do {
            note = try SignedNote(content.span)
            let text = note.text
            checkpoint = try Checkpoint(text.span)
            _ = try note.verify(with: logKeys, checkSignature)
        } catch {
            return add(anchor, "the anchor", expected: "a note of this log", found: "\(error)")
        }
        guard checkpoint.hasOrigin(ledger.origin), checkpoint.size == anchor.size else {
            return add(
                anchor,
                "the anchored checkpoint",
                expected: "one of \(ledger.origin), size \(anchor.size)",
                found: "one of \(checkpoint.origin), size \(checkpoint.size)"
            )
        }
        let root = try ledger.read { try $0.root(size: anchor.size) }
        guard checkpoint.root == root else {
            return add(
                anchor,
                "the log's first \(anchor.size) events",
                expected: "root \(checkpoint.root), which was cosigned",
                found: "root \(root)"
            )
        }
        try takeCosignatures(note, anchor)
    }

    private mutating func takeCosignatures(_ note: SignedNote, _ anchor: Anchor) throws {
        let witnesses = policy?.witnesses ?? []
        var cosigners: Set<VKey> = []
        for signature in note.signatures {
            if logKeys.contains(where: { $0.name == signature.name }) { continue }
            let witness = witnesses.first {
                $0.vkey.keyID == signature.keyID && $0.vkey.name == signature.name
            }
            guard let witness else {
                unknownWitnesses.insert(signature.name)
                continue
            }
            do {
                let one = try SignedNote(text: note.text, signatures: [signature])
                let verified = try one.verify(with: [witness.vkey], checkSignature)
                cosigners.insert(witness.vkey)
                let seconds = Int64(clamping: verified.first?.timestamp ?? 0)
                let time = Timestamp(unixSeconds: seconds) ?? .max
                try hold(.witness, witness.name, time, anchor)
            } catch let error as NoteVerificationError {
                add(
                    anchor,
                    "the cosignature of witness \(witness.name)",
                    expected: "one that its key made",
                    found: "\(error)"
                )
            }
        }
        if let policy, !cosigners.isEmpty, policy.isMet(by: cosigners) {
            report.quorumSize = max(report.quorumSize, anchor.size)
        }
    }

    // MARK: - Time stamps

    private mutating func takeStamp(_ content: [UInt8], _ anchor: Anchor) throws {
        guard !roots.isEmpty else {
            unchecked += 1
            return
        }
        let root = try ledger.read { try $0.root(size: anchor.size) }
        let checkpoint = try Checkpoint(origin: ledger.origin, size: anchor.size, root: root)
        let text = checkpoint.text
        let query = TimestampQuery(digest: SHA256.hash(text.span), nonce: nil)
        do throws(TimestampError) {
            let holder = try TimestampReply(content).check(query, roots: roots)
            try? hold(.timestamp, holder.authority, holder.time, anchor)
        } catch {
            add(
                anchor,
                "the time stamp over the log's first \(anchor.size) events",
                expected: "one over root \(root)",
                found: "\(error)"
            )
        }
    }

    // MARK: - What is found

    private mutating func hold(
        _ kind: AnchorKind,
        _ name: String,
        _ time: Timestamp,
        _ anchor: Anchor
    ) throws {
        let holding = AnchorReport.Holding(
            kind: kind,
            name: name,
            size: anchor.size,
            time: time,
            sequence: anchor.sequence
        )
        if let index = report.holdings.firstIndex(where: { $0.kind == kind && $0.name == name }) {
            // Of several anchors of one size the first says since when.
            if report.holdings[index].size < anchor.size { report.holdings[index] = holding }
        } else {
            report.holdings.append(holding)
        }
        try checkClock(holding, anchor)
    }

    /// A time given outside lies after the last event that it covers, and before the event that
    /// tells of it, unless somebody's clock was wrong.
    private mutating func checkClock(_ holding: AnchorReport.Holding, _ anchor: Anchor) throws {
        let last = anchor.size > 0 ? anchor.size - 1 : 0
        let covered = try ledger.read { snapshot -> Timestamp? in
            guard let line = try snapshot.line(at: last) else { return nil }
            return line.recordedTime
        }
        let time = holding.time.microseconds
        let isBefore = covered.map { time < $0.microseconds - Self.clockTolerance } ?? false
        let isAfter = time > anchor.recorded.microseconds + Self.clockTolerance
        guard isBefore || isAfter else { return }
        report.findings.append(
            Finding(
                .notice,
                .sequence(anchor.sequence),
                "clocks: the time of \(holding.kind.noun) \(holding.name)",
                expected: "from \(covered?.short ?? "the first event") to \(anchor.recorded.short)",
                found: holding.time.short
            )
        )
    }

    private mutating func add(
        _ anchor: Anchor,
        _ what: String,
        expected: String,
        found: String
    ) {
        report.findings.append(
            Finding(
                .manipulation,
                .sequence(anchor.sequence),
                what,
                expected: expected,
                found: found
            )
        )
    }
}
