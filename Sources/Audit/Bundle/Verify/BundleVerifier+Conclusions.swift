internal import Bytes
internal import Merkle
internal import Tables

// What follows for an auditor, in plain sentences; each rests on checks that held.
extension BundleVerifier {
    func conclude() {
        if let origin = export["origin"]?.text { report.origin = shown(origin, most: 300) }
        report.proven = proven
        report.notProven = notProven
    }

    private var proven: [String] {
        var proven: [String] = []
        if report.held(.manifest, .signature, .keys) {
            proven.append(
                "This bundle is as \(report.origin) gave it out: no file was added, removed or "
                    + "changed."
            )
        }
        if report.held(.keys, .checkpoint, .lines, .chain), let checkpoint {
            proven.append(
                "\(Self.plural(UInt64(lines.leaves.count), "line")) are exactly as signed in the "
                    + "log of \(Self.plural(checkpoint.size, "event")): none was edited, inserted, "
                    + "moved or dated anew."
            )
        }
        if report.held(.keys, .checkpoint, .lines, .complete), isComplete {
            proven.append(
                "Nothing that the query names was left out: every event of the stretch is here, "
                    + "and the \(Self.grouped(report.events)) that fit are those selected."
            )
        }
        if report.held(.lines, .bodies) {
            proven.append("Every body in the bundle is byte for byte what was recorded.")
        }
        if report.held(.lines, .totals) {
            proven.append("The control totals are those of the selected events.")
        }
        for (name, (size, seconds)) in countersigned.sorted(by: { $0.key < $1.key }) {
            let time = Timestamp(unixSeconds: Int64(clamping: seconds))
            proven.append(
                "The witness \(name) countersigned the first \(Self.plural(size, "event")) on "
                    + "\(time.map { $0.short } ?? "a day beyond the calendar")."
            )
        }
        if let (size, time) = stamps.max(by: { $0.key < $1.key }) {
            let trust =
                authorities.isEmpty
                ? "; the authority's signature on it was not checked here (--ca FILE does)"
                : ", and an authority signed it under a certificate that you gave"
            proven.append(
                "A time stamp fits the first \(Self.plural(size, "event")) and names the time "
                    + "\(time)\(trust)."
            )
        }
        return proven
    }

    private var notProven: [String] {
        var open: [String] = []
        if pinned == nil {
            let first = keys.first.map { "\($0.vkey)" } ?? "not known"
            open.append(
                "Whose log this is: compare the ledger's first key with one known from elsewhere, "
                    + "or give it with --key. It is \(shown(first, most: 200))"
            )
        }
        if !isComplete {
            open.append(
                "That no other event fits the query: this bundle holds only the selected lines of "
                    + "its stretch."
            )
        }
        if let bodies = export["bodies"]?.text, bodies != "whole" {
            let copies = bodies == "redacted" ? " and copies with values masked." : "."
            open.append(
                "What the events said: this bundle holds no bodies, only their digests" + copies
            )
        }
        open.append(
            "That events which were never recorded did not happen, and that what was recorded is "
                + "true: the log proves what was said to it, and when."
        )
        open.append(
            "That the amounts are what the bodies say: they follow from the projections' "
                + "definitions."
        )
        open.append(
            countersigned.isEmpty
                ? "That nobody else was shown another log: no witness's countersignature was "
                    + "verified."
                : "That the witnesses are independent: compare their keys in the bundle's policy "
                    + "with ones known from elsewhere."
        )
        return open
    }

    private var isComplete: Bool { export["complete"] == .truth(true) }

    private static func plural(_ count: UInt64, _ one: String) -> String {
        "\(grouped(count)) \(one)\(count == 1 ? "" : "s")"
    }

    private static func grouped(_ count: UInt64) -> String { Readable.grouped(count) }
}
