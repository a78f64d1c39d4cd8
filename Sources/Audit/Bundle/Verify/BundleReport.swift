internal import Bytes

/// What the verification of an evidence bundle did and found.
package struct BundleReport: Sendable {
    /// The checks, in the order in which they are shown.
    package enum Check: String, CaseIterable, Sendable {
        case archive, manifest, signature, keys, checkpoint, lines, chain, complete, bodies, totals
        case proofs, anchors
    }

    /// How it ended.
    package enum Verdict: String, Sendable {
        case sound
        case notSound = "not sound"
        /// Nothing can be said of what it holds.
        case unreadable
    }

    /// Something that a check found.
    package struct Finding: Hashable, Sendable {
        package let check: Check
        /// How grave it is.
        package let kind: Kind
        /// `event 12`, `file lines.ndjson` or `bundle`.
        package let place: String
        package let what: String

        package enum Kind: String, Sendable {
            /// Something is not what was signed.
            case manipulation
            /// Something that was signed is missing.
            case gap
            /// Worth knowing, and nothing wrong.
            case notice
        }
    }

    /// Findings of a check that are kept; all are counted.
    private static let shown = 20

    private var kept: [Finding] = []
    private var counts: [Check: Int] = [:]
    /// The checks that found something wrong.
    package private(set) var failed: Set<Check> = []
    /// The checks that were done, well or not.
    package private(set) var done: Set<Check> = []
    /// Selected events whose bodies were erased, and why.
    package internal(set) var erased: [(sequence: UInt64, reason: String)] = []
    /// How many events are selected.
    package internal(set) var events: UInt64 = 0
    /// The log's name, and the last of its keys.
    package internal(set) var origin = ""
    package internal(set) var vkey = ""
    /// What follows for an auditor, and what does not, in plain sentences.
    package internal(set) var proven: [String] = []
    package internal(set) var notProven: [String] = []
    private var isUnreadable = false

    init() {}

    mutating func add(_ check: Check, _ kind: Finding.Kind, _ place: String, _ what: String) {
        if kind != .notice { failed.insert(check) }
        counts[check, default: 0] += 1
        guard counts[check, default: 0] <= Self.shown else { return }
        kept.append(Finding(check: check, kind: kind, place: place, what: what))
    }

    mutating func finish(_ check: Check) { done.insert(check) }

    /// Says that the archive cannot be read on.
    mutating func giveUp(_ what: String) {
        isUnreadable = true
        add(.archive, .manipulation, "bundle", what)
    }

    /// Whether all of these checks were done and found nothing wrong.
    func held(_ checks: Check...) -> Bool {
        checks.allSatisfy { done.contains($0) && !failed.contains($0) }
    }

    package var verdict: Verdict {
        isUnreadable ? .unreadable : failed.isEmpty ? .sound : .notSound
    }

    /// `ok`, `failed` or `not done`.
    package func state(of check: Check) -> String {
        failed.contains(check) ? "failed" : done.contains(check) ? "ok" : "not done"
    }

    /// The findings by check; of many of one check the first ones, and how many more there are.
    package var findings: [Finding] {
        Check.allCases.flatMap { check in
            let found = kept.filter { $0.check == check }
            let more = counts[check, default: 0] - found.count
            guard more > 0 else { return found }
            let rest = "\(more) more findings of this check"
            return found + [Finding(check: check, kind: .notice, place: "bundle", what: rest)]
        }
    }

    /// The report as the other verifiers give it, too: canonical JSON.
    package var json: [UInt8] {
        var checks = CanonicalObject()
        for check in Check.allCases.sorted(by: { $0.rawValue < $1.rawValue }) {
            checks.add(check.rawValue, state(of: check))
        }
        var object = CanonicalObject()
        object.add("checks", checks)
        let erased = erased.map { sequence, reason in
            var object = CanonicalObject()
            object.add("reason", reason)
            object.add("sequence", sequence)
            return object
        }
        object.add("erased", json: CanonicalJSON.list(erased))
        object.add("events", events)
        let findings = findings.map { finding in
            var object = CanonicalObject()
            object.add("check", finding.check.rawValue)
            object.add("kind", finding.kind.rawValue)
            object.add("place", finding.place)
            object.add("what", finding.what)
            return object
        }
        object.add("findings", json: CanonicalJSON.list(findings))
        object.add(
            "not_proven",
            json: CanonicalJSON.list(notProven) { CanonicalJSON.appendString($0, to: &$1) }
        )
        object.add("origin", origin)
        object.add(
            "proven",
            json: CanonicalJSON.list(proven) { CanonicalJSON.appendString($0, to: &$1) }
        )
        object.add("verdict", verdict.rawValue)
        object.add("vkey", vkey)
        return object.bytes
    }
}

/// Text from a bundle that may be hostile, for a finding: without control characters, and not long.
func shown(_ text: String, most: Int = 120) -> String {
    let harmless = String(
        String.UnicodeScalarView(
            text.unicodeScalars.prefix(most).map {
                $0.properties.generalCategory == .control
                    || $0.properties.generalCategory == .format
                    ? "?" : $0
            }
        )
    )
    return text.unicodeScalars.count <= most ? harmless : harmless + "…"
}
