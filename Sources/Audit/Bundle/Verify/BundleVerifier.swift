internal import Archive
internal import Bytes
package import Digest
internal import Ledger
internal import Merkle
internal import POSIX

/// Verifies an evidence bundle without the ledger that it is from.
///
/// It reads the archive once and trusts nothing in it: what is wrong becomes a finding of the check
/// that it belongs to, and the other checks go on.
package final class BundleVerifier {
    var report = BundleReport()
    /// A key that is known from elsewhere.
    let pinned: VKey?
    let files: BundleFiles
    /// Why files cannot be used, by path.
    var problems: [String: Problem] = [:]

    var export: BundleTree = .null
    var keys: [KeyRecord] = []
    var note: SignedNote?
    var checkpoint: Checkpoint?
    /// The tree size, ranges and hashes of `proof.json`.
    var proof = (size: UInt64(0), included: SequenceRanges(), hashes: [Hash256]())
    var selected = SequenceRanges()
    var erased: [BundleTree] = []
    var lines = LineTable()
    /// By witness: the most events that it countersigned, and when, in seconds since 1970.
    var countersigned: [String: (UInt64, UInt64)] = [:]
    /// By size: the time that a time stamp authority names.
    var stamps: [UInt64: String] = [:]
    /// The roots of the time stamp authorities to believe.
    let authorities: [Certificate]

    /// Why a file cannot be used.
    struct Problem {
        let what: String
        let isMissing: Bool
    }

    /// A key as `keys.json` lists it.
    struct KeyRecord {
        let vkey: VKey
        let key: VerifyingKey
        let sequence: UInt64
        let tree: BundleTree
    }

    /// Verifies the bundle in a file.
    ///
    /// `key` is a vkey of the ledger that is known from elsewhere. `progress` is told how many
    /// files were read, then how many lines of all were checked.
    ///
    /// - Throws: `AuditProblem.usage` if `key` is none, `SystemError` if the file cannot be opened.
    package static func verify(
        _ path: String,
        key: String? = nil,
        authorities: [Certificate] = [],
        progress: (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in }
    ) throws -> BundleReport {
        var pinned: VKey?
        do throws(KeyError) {
            pinned = try key.map { text throws(KeyError) in try VKey(text, using: SHA256.self) }
        } catch {
            throw AuditProblem.usage("--key: \(error)")
        }
        guard path != "-" else {
            throw AuditProblem.usage("a bundle may be read twice, so it must be in a file")
        }
        var report = BundleReport()
        do {
            let files = try BundleFiles(path: path, &report) { progress($0, 0) }
            guard files.entries["manifest.json"] != nil || files.entries["export.json"] != nil
            else {
                report.giveUp(
                    "the archive is no evidence bundle: it has neither manifest.json nor "
                        + "export.json in \(BundleFormat.folder)"
                )
                return report
            }
            let verifier = BundleVerifier(files, report, pinned, authorities)
            try verifier.run(progress)
            return verifier.report
        } catch let error as ArchiveError {
            if case .system = error { throw error }
            report.giveUp("\(error)")
            return report
        }
    }

    private init(
        _ files: BundleFiles,
        _ report: BundleReport,
        _ pinned: VKey?,
        _ authorities: [Certificate]
    ) {
        self.authorities = authorities
        self.files = files
        self.report = report
        self.pinned = pinned
    }

    private func run(_ progress: (UInt64, UInt64) -> Void) throws {
        report.finish(.archive)
        try readDocuments()
        let pass = try LinePass(self)
        try pass?.run(progress)
        try check(.manifest) { try checkManifest() }
        try check(.signature) { try checkSignature() }
        try check(.keys) { try checkKeys() }
        try check(.checkpoint) { try checkCheckpoint() }
        try check(.lines) { try checkLines() }
        try check(.chain) { need(.chain, "lines.ndjson", "proof.json") }
        try check(.complete) { try checkComplete() }
        try check(.bodies) { try checkBodies(pass?.bodies) }
        try check(.totals) { try checkTotals(pass?.totals) }
        try check(.proofs) { try checkProofs() }
        try check(.anchors) { try checkAnchors() }
        conclude()
    }

    /// Runs a check, which says whether it was done; what stops it is a finding.
    private func check(_ check: BundleReport.Check, _ body: () throws -> Bool) throws {
        do {
            if try body() { report.finish(check) }
        } catch let wrong as Wrong {
            report.add(check, .manipulation, "bundle", wrong.what)
        }
    }

    /// Whether what a check needs could be read; if not, the check fails and says what is wanting.
    @discardableResult
    func need(_ check: BundleReport.Check, _ paths: String...) -> Bool {
        let bad = paths.filter { problems[$0] != nil }
        for path in bad {
            guard let problem = problems[path] else { continue }
            report.add(
                check,
                problem.isMissing ? .gap : .manipulation,
                "file \(path)",
                "\(path) cannot be used: \(problem.what)"
            )
        }
        // A check that cannot be made is made as far as can be: it has failed.
        return bad.isEmpty
    }

    /// Whether these files can be used, without a finding.
    func canUse(_ paths: String...) -> Bool { paths.allSatisfy { problems[$0] == nil } }

    /// The key that signs the checkpoint of a size: a change of key takes effect after its event.
    func key(at size: UInt64) -> KeyRecord? {
        keys.last { $0.sequence + 1 < size } ?? keys.first
    }
}

extension VKey {
    /// Whether one of a note's signatures says that it is this key's.
    func isNamed(by signature: SignedNote.Signature) -> Bool {
        signature.keyID == keyID && Array(signature.name.utf8) == Array(name.utf8)
    }
}

extension SignedNote {
    /// Refuses a note that a key did not sign, or that has a wrong signature under its name.
    func require(_ record: BundleVerifier.KeyRecord) throws(Wrong) {
        let found = signatures.filter { record.vkey.isNamed(by: $0) }
        guard !found.isEmpty else { throw Wrong("it is not signed by \(record.vkey)") }
        for signature in found {
            guard record.key.verify(signature.bytes.span, text.span) else {
                throw Wrong("its signature by \(record.vkey) is wrong")
            }
        }
    }
}
