internal import Bytes
internal import Digest
internal import Ledger

// The bodies, and those that were erased.
extension BundleVerifier {
    /// Whether the bodies were checked: `named` are those of the selected lines.
    func checkBodies(_ named: [UInt64: Hash256]?) throws -> Bool {
        let needed = need(
            .bodies,
            "export.json",
            "selected.json",
            "lines.ndjson",
            "proof.json",
            "erased.json"
        )
        guard needed, let named else { return true }
        guard let mode = BundleRequest.Bodies(rawValue: export["bodies"]?.text ?? "") else {
            let what = "it does not say whether bodies are in the bundle"
            report.add(.bodies, .manipulation, "file export.json", what)
            return true
        }
        let gone = try checkErasures(named, mode)
        for sequence in named.keys.sorted() {
            let entry = files.entries[BundleFormat.path("bodies", sequence)]
            func add(_ kind: BundleReport.Finding.Kind, _ what: String) {
                report.add(.bodies, kind, "event \(sequence)", what)
            }
            if gone[sequence] != nil {
                if entry != nil {
                    add(.manipulation, "it is listed as erased, but its body is there")
                }
            } else if mode == .whole, entry == nil {
                add(.gap, "its body is missing and not listed as erased")
            } else if let entry, entry.hash != named[sequence] {
                add(.manipulation, "its body is not the one that was recorded")
            }
        }
        checkStrays(mode, named, gone)
        return mode == .whole
    }

    private func checkStrays(
        _ mode: BundleRequest.Bodies,
        _ named: [UInt64: Hash256],
        _ gone: [UInt64: UInt64]
    ) {
        let acts = Set(gone.values)
        func isExpected(_ name: Substring) -> Bool {
            let digits = Array(name.utf8)
            guard let sequence = Decimal.parsePadded(digits.span, digits: Decimal.sequenceDigits)
            else { return false }
            return named[sequence] != nil || acts.contains(sequence)
        }
        for path in files.entries.keys.sorted() {
            let what: String
            if path.hasPrefix("bodies/") {
                if mode == .whole, isExpected(path.dropFirst(7)) { continue }
                what = "a body that belongs to no selected event"
            } else if path.hasPrefix("redacted/") {
                let name = path.dropFirst(9)
                if mode == .redacted, name.hasSuffix(".json"), isExpected(name.dropLast(5)) {
                    continue
                }
                what = "a redacted body that belongs to no selected event"
            } else {
                continue
            }
            report.add(.bodies, .manipulation, "file \(path)", what)
        }
    }

    /// The events whose bodies were erased, each with the event that says so.
    private func checkErasures(
        _ named: [UInt64: Hash256],
        _ mode: BundleRequest.Bodies
    ) throws -> [UInt64: UInt64] {
        var gone: [UInt64: UInt64] = [:]
        let acts = try erasedByActs()
        for record in erased {
            guard let sequence = record["sequence"]?.number, let by = record["by"]?.number else {
                let what = "it lists something that is no erasure"
                report.add(.bodies, .manipulation, "file erased.json", what)
                continue
            }
            do throws(Wrong) {
                try checkErasure(record, sequence, by, named, acts, mode)
                gone[sequence] = by
                report.erased.append((sequence, record["reason"]?.text ?? ""))
            } catch {
                let what = "it is listed as erased, but \(error.what)"
                report.add(.bodies, .manipulation, "event \(sequence)", what)
            }
        }
        return gone
    }

    private func checkErasure(
        _ record: BundleTree,
        _ sequence: UInt64,
        _ by: UInt64,
        _ named: [UInt64: Hash256],
        _ acts: [UInt64: Set<String>],
        _ mode: BundleRequest.Bodies
    ) throws(Wrong) {
        guard let hash = named[sequence] else {
            throw Wrong("it is no selected event with a body")
        }
        guard record["bodyhash"]?.text == hash.description else {
            throw Wrong("under another digest than it has")
        }
        let bytes = lines.kept[by] ?? []
        let line = Line(bytes.span)
        guard line.canonicalFault == nil, line.text(.type) == Erasure.type,
            line.text(.source) == AdminEvent.source, line.text(.kind) == Kind.admin.rawValue
        else { throw Wrong("event \(by) is no act of erasure in this bundle") }
        guard by > sequence else { throw Wrong("event \(by) was recorded before it") }
        guard record["reason"]?.text == line.text(.reason) ?? "" else {
            throw Wrong("not for the reason that event \(by) gives")
        }
        guard record["when"]?.text == line.text(.recordedtime) ?? "",
            record["who"]?.text == line.text(.authid) ?? ""
        else { throw Wrong("not at the time or by whom event \(by) says") }
        guard let act = acts[by] else {
            // Any act could be given for a body that is left out, were its own body left out, too.
            guard mode != .whole else {
                throw Wrong("the body of event \(by), which names what it erased, is not there")
            }
            return
        }
        guard act.contains("\(sequence) \(hash)") else {
            throw Wrong("event \(by) does not name it")
        }
    }

    /// What the acts of erasure name whose own bodies are in the bundle as they were recorded:
    /// sequence and digest of each event.
    private func erasedByActs() throws -> [UInt64: Set<String>] {
        var wanted: [String: UInt64] = [:]
        for by in Set(erased.compactMap { $0["by"]?.number }) {
            let path = BundleFormat.path("bodies", by)
            let bytes = lines.kept[by] ?? []
            if let entry = files.entries[path], entry.hash == Line(bytes.span).bodyHash {
                wanted[path] = by
            }
        }
        guard !wanted.isEmpty else { return [:] }
        var acts: [UInt64: Set<String>] = [:]
        for (path, record) in try files.bodies(Set(wanted.keys)) {
            guard let by = wanted[path], let layout = BodyLayout(record.span) else { continue }
            let tree = try? Self.tree(Array(record[layout.content]))
            acts[by] = Set(
                (tree?["events"]?.list ?? []).map { event in
                    "\(event["sequence"]?.short ?? "") \(event["bodyhash"]?.text ?? "")"
                }
            )
        }
        return acts
    }
}
