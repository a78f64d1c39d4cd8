internal import Bytes
internal import Digest
internal import Ledger

/// The texts of a bundle that say what it is.
struct BundleDocument {
    private let plan: BundlePlan
    private let record: ReportRecord
    private let origin: String

    init(_ plan: BundlePlan, _ record: ReportRecord, _ origin: String) {
        self.plan = plan
        self.record = record
        self.origin = origin
    }

    /// `export.json`.
    var export: [UInt8] {
        let query = plan.request.selection.query
        var definitions = CanonicalObject()
        for definition in record.definitions {
            definitions.add(definition.name, "\(definition.version) \(definition.hash)")
        }
        let null = Array("null".utf8)
        var object = CanonicalObject()
        object.add("bodies", plan.request.bodies.rawValue)
        object.add("complete", json: Array((plan.request.isComplete ? "true" : "false").utf8))
        object.add("definitions", definitions)
        object.add("end", plan.stretch.upperBound)
        if let recorded = record.recorded {
            object.add("exported_at", recorded.time.rfc3339)
        } else {
            object.add("exported_at", json: null)
        }
        object.add("exported_by", record.actor.text)
        object.add("first", plan.stretch.lowerBound)
        object.add("format", BundleFormat.name)
        object.add("origin", origin)
        object.add("purpose", record.purpose)
        object.add("query", plan.request.selection.text)
        if let recorded = record.recorded {
            object.add("report", recorded.sequence)
        } else {
            object.add("report", json: null)
        }
        object.add("selected", plan.selected.count)
        object.add("since", query.since?.rfc3339)
        object.add("size", plan.size)
        object.add("tool", record.tool)
        object.add("until", query.until?.rfc3339)
        return object.bytes
    }

    /// What the ledger's key signs: format, origin, tree size and the manifest's digest.
    func noteText(manifest: [UInt8]) -> [UInt8] {
        Self.noteText(origin: origin, size: plan.size, manifest: SHA256.hash(manifest.span))
    }

    /// The same for a manifest of some digest.
    static func noteText(origin: String, size: UInt64, manifest: Hash256) -> [UInt8] {
        let digest = manifest.withSpan { Base64.encode($0) }
        return Array("\(BundleFormat.name)\n\(origin)\n\(size)\n\(digest)\n".utf8)
    }

    /// `README.txt`, for whoever gets the bundle.
    var readme: String {
        """
        Evidence from the log \(origin)

        This folder holds \(plan.selected.count) events of a tamper-evident log and what it takes
        to check them without access to the log and without trust in whoever made this bundle.

        What was asked for   \(plan.request.selection.text)
        Events of the log    \(plan.stretch.lowerBound) to before \(plan.stretch.upperBound), \
        of \(plan.size)
        Made by              \(record.actor.text), with \(record.tool)
        Made at              \(record.recorded?.time.rfc3339 ?? "not recorded")
        Recorded as event    \(record.recorded.map { "\($0.sequence)" } ?? "none")
        Purpose              \(record.purpose ?? "not given")

        Three ways to check it
        1. Open verify.html in a browser (no network is needed) and drop the .tar.zst file on it.
        2. Run: python3 verify.py BUNDLE.tar.zst
        3. Run: daybook verify BUNDLE.tar.zst
        All three say the same. Give them the log's key as you know it from elsewhere: a bundle that
        brings its own key proves only that one key signed all of it.
        Take verify.html and verify.py from a source that you trust if you do not trust this bundle.

        What is proven when the bundle is sound
        - Each line in lines.ndjson stands in the log at its place, unchanged, since the checkpoint
          was signed. The log's key signed that checkpoint and this bundle's manifest.
        \(completeness)
        \(bodies)
        - The control totals in totals.json are those of the selected events.

        What is not proven
        - That what a system sent was true: the log keeps what it received.
        - That everything that was sent arrived: compare with the sender's own list.
        - That the log's owner showed the same log to everybody: anchors in anchors.json are the
          word of others on that; without any, keep the checkpoint and compare it later.
        - The sums of amounts.ndjson follow from the definitions of this log; who needs to know that
          they were read rightly looks at the bodies and at definitions.

        Files
        manifest.json    every file with its SHA-256; manifest.note is the signature
        export.json      what was asked for and by whom
        checkpoint       the log's size and root hash, signed
        keys.json        the keys of the log and how each followed from the one before
        lines.ndjson     the events' envelopes exactly as they were hashed
        proof.json       the hashes that lead from these lines to the root of the checkpoint
        selected.json    which of the lines were asked for; the others show that none is missing
        bodies           what was on the wire: 1 byte version, 16 bytes salt, 4 bytes length
                         (little-endian), meta of that length, content; SHA-256 is in the line
        erased.json      bodies that were erased, by whom and why
        totals.json      control totals; amounts.ndjson holds what they sum

        """
    }

    private var completeness: String {
        plan.request.isComplete
            ? """
            - The selection is complete: all lines of the stretch are there, so every event that
              fits is selected and no other.
            """
            : """
            - Nothing about what was left out: only the selected lines are there.
            """
    }

    private var bodies: String {
        switch plan.request.bodies {
        case .whole:
            """
            - Each body in bodies is what the line's digest was made of; erased.json names those
              that were erased, why and by whom.
            """
        case .digests: "- The bodies' digests; the bodies themselves are not in this bundle."
        case .redacted:
            """
            - The bodies' digests; what is in redacted has personal values masked and proves
              nothing by itself.
            """
        }
    }
}
