package import Bytes

/// How much a verification read.
package struct VerifyCounts: Sendable, Equatable {
    package var lines: UInt64 = 0
    package var bodies: UInt64 = 0
    /// Bodies that are gone and whose erasure the log tells of.
    package var erased: UInt64 = 0
    package var tiles: UInt64 = 0
    package var checkpoints: UInt64 = 0
    package var signatures: UInt64 = 0
    package var ids: UInt64 = 0
    /// Bytes of lines, bodies, tiles and checkpoints.
    package var bytes: UInt64 = 0

    mutating func add(_ other: VerifyCounts) {
        lines += other.lines
        bodies += other.bodies
        erased += other.erased
        tiles += other.tiles
        checkpoints += other.checkpoints
        signatures += other.signatures
        ids += other.ids
        bytes += other.bytes
    }
}

/// What a verification checked, found, and cannot say.
package struct VerifyReport: Sendable {
    /// The log's name.
    package var origin = ""
    /// Events that were checked.
    package var range: Range<UInt64> = 0..<0
    /// Events in the log.
    package var size: UInt64 = 0
    /// Root of the log as its lines give it.
    package var root: Hash256?
    package var counts = VerifyCounts()
    /// Findings in the log's order; of many, the first thousand.
    package var findings: [Finding] = []
    /// How many there are of each kind, all counted.
    package var findingCounts: [Finding.Kind: Int] = [:]
    /// What was erased, in the log's order.
    package var erasures: [ErasureSummary] = []
    /// The keys that signed, oldest first: vkey and the first checkpoint size each signs.
    package var keys: [(vkey: String, from: UInt64)] = []
    /// What this run did not or cannot prove, a sentence each.
    package var limits: [String] = []
    /// Where an earlier sound run ended, if this one relies on it: all before was read then.
    package var resumedFrom: UInt64 = 0
    /// Monotonic time spent.
    package var nanoseconds: UInt64 = 0

    /// The limit that holds until somebody outside has countersigned; who finds that somebody has
    /// takes it out.
    package static let unanchored =
        "that whoever holds the keys did not write the log anew: no witness has countersigned a "
        + "checkpoint, and none is anchored elsewhere"

    /// Adds what a check outside the log's own found, and counts it.
    package mutating func add(_ finding: Finding) {
        findingCounts[finding.kind, default: 0] += 1
        findings.append(finding)
    }

    /// Whether nothing worse than a notice was found.
    package var isSound: Bool {
        (findingCounts[.manipulation] ?? 0) + (findingCounts[.gap] ?? 0) == 0
    }
}
