internal import Bytes
internal import Digest
internal import Ledger
internal import Merkle

// Control totals, counted again, and the proofs of single events.
extension BundleVerifier {
    /// Whether the totals were checked: `counted` is what the lines give.
    func checkTotals(_ counted: ControlTotals?) throws -> Bool {
        let totals = try document("totals.json")
        guard need(.totals, "totals.json", "selected.json", "lines.ndjson", "proof.json"),
            let totals, let counted
        else { return true }
        func add(_ what: String) { report.add(.totals, .manipulation, "file totals.json", what) }
        let numbers: [(String, UInt64?)] = [
            ("bytes", counted.bytes), ("events", counted.events), ("first", counted.first),
            ("last", counted.last),
        ]
        for (name, number) in numbers where totals[name] != number.map({ .number($0) }) {
            let said = totals[name]?.short ?? "nothing"
            add("\(name) is \(said), but the lines give \(number.map { "\($0)" } ?? "nothing")")
        }
        let tables: [(String, [String], [[String]: UInt64])] = [
            ("kinds", ["kind"], counted.kinds.lists),
            ("outcomes", ["outcome"], counted.outcomes.lists),
            ("sources", ["source"], counted.sources.lists),
            (
                "types", ["outcome", "source", "type"],
                counted.types.reduce(into: [:]) {
                    $0[[$1.key.outcome, $1.key.source, $1.key.type]] = $1.value
                }
            ),
        ]
        for (name, members, table) in tables where Self.table(totals[name], members) != table {
            add("its \(name) are not what the lines give")
        }
        try checkAmounts(totals["amounts"])
        return true
    }

    /// Counts by what they count; `nil` if the rows are no such counts.
    private static func table(_ rows: BundleTree?, _ members: [String]) -> [[String]: UInt64]? {
        guard let rows = rows?.list else { return nil }
        var table: [[String]: UInt64] = [:]
        for row in rows {
            guard let count = row["count"]?.number else { return nil }
            table[members.map { row[$0]?.text ?? "" }] = count
        }
        return table.count == rows.count ? table : nil
    }

    /// Kinds of sums: projections, their columns of money, and the world's currencies.
    private static let mostSums = 100_000

    /// The sums follow from the amounts, and each amount is of a selected event.
    private func checkAmounts(_ said: BundleTree?) throws {
        var sums: [[String]: ExactSum] = [:]
        _ = try files.forEachLine(of: "amounts.ndjson", limit: 4096) { number, line in
            let bytes = [UInt8](copying: line)
            do throws(Wrong) {
                let amount = try Self.tree(bytes)
                guard let sequence = amount["sequence"]?.number else {
                    throw Wrong("it is no amount")
                }
                guard selected.contains(sequence), lines.leaf(of: sequence) != nil else {
                    throw Wrong("event \(sequence) is not selected")
                }
                let row = try Self.amountRow(amount)
                guard sums[row] != nil || sums.count < Self.mostSums else {
                    throw Wrong("it is of more kinds than a bundle has")
                }
                let value = try ExactSum(text: amount["amount"]?.text)
                sums[row] = try (sums[row] ?? ExactSum()).adding(value)
            } catch {
                let what = "line \(number + 1): \(error.what)"
                report.add(.totals, .manipulation, "file amounts.ndjson", what)
            }
        }
        do throws(Wrong) {
            guard let list = said?.list else { throw Wrong("it lists no amounts") }
            var listed: [[String]: ExactSum] = [:]
            for row in list {
                var sum = try ExactSum(text: row["sum"]?.text)
                sum.count = row["count"]?.number ?? 0
                listed[try Self.amountRow(row)] = sum
            }
            guard listed == sums, listed.count == list.count else {
                throw Wrong("its sums are not what amounts.ndjson gives")
            }
        } catch {
            report.add(.totals, .manipulation, "file totals.json", error.what)
        }
    }

    private static func amountRow(_ tree: BundleTree) throws(Wrong) -> [String] {
        var row: [String] = []
        for name in ["column", "currency", "projection"] {
            guard let text = tree[name]?.text else { throw Wrong("a name that is no text") }
            row.append(text)
        }
        return row
    }

    func checkProofs() throws -> Bool {
        let paths = files.entries.keys.filter { $0.hasPrefix("proofs/") }.sorted()
        guard !paths.isEmpty else { return false }
        let needed = need(
            .proofs,
            "checkpoint",
            "keys.json",
            "selected.json",
            "lines.ndjson",
            "proof.json"
        )
        guard needed, let checkpoint else { return true }
        var seen: [[UInt8]: Result<Checkpoint, Wrong>] = [:]
        for path in paths {
            let content = try files.content(path, limit: SignedNote.longestNote)
            do throws(Wrong) {
                let name = Array(path.dropFirst(7).utf8)
                guard name.count == 31, path.hasSuffix(".tlog-proof"),
                    let sequence = Decimal.parsePadded(name.span.extracting(..<20), digits: 20),
                    selected.contains(sequence), let leaf = lines.leaf(of: sequence)
                else { throw Wrong("it is of no selected event") }
                guard let content else { throw Wrong("it is too long for a proof") }
                try checkProof(content, sequence, leaf, checkpoint, &seen)
            } catch {
                report.add(.proofs, .manipulation, "file \(shown(path))", error.what)
            }
        }
        return true
    }

    private func checkProof(
        _ content: [UInt8],
        _ sequence: UInt64,
        _ leaf: Hash256,
        _ checkpoint: Checkpoint,
        _ seen: inout [[UInt8]: Result<Checkpoint, Wrong>]
    ) throws(Wrong) {
        let proof: TLogProof
        do throws(TLogProofError) { proof = try TLogProof(content.span) } catch {
            throw Wrong("it is no proof (C2SP tlog-proof): \(error)")
        }
        guard proof.index == sequence else { throw Wrong("it is for another event") }
        let known: Result<Checkpoint, Wrong>
        if let before = seen[proof.checkpoint] {
            known = before
        } else {
            known = Result { () throws(Wrong) in try ownCheckpoint(proof.checkpoint, checkpoint) }
            seen[proof.checkpoint] = known
        }
        let signed: Checkpoint
        do throws(Wrong) { signed = try known.get() } catch {
            throw Wrong("of its checkpoint: \(error.what)")
        }
        let inclusion = InclusionProof(index: sequence, size: signed.size, path: proof.path)
        guard (try? inclusion.root(leaf: leaf, using: SHA256.self)) == signed.root else {
            throw Wrong("its path does not lead from the event to its checkpoint")
        }
    }

    /// Reads a checkpoint that must be one of this log.
    private func ownCheckpoint(
        _ bytes: [UInt8],
        _ own: Checkpoint
    ) throws(Wrong) -> Checkpoint {
        let note = try signedNote(bytes)
        let other = try Self.checkpoint(note.text)
        guard let key = key(at: other.size) else { throw Wrong("no key is known for it") }
        try note.require(key)
        guard other.hasOrigin(own.origin) else { throw Wrong("it is of another log") }
        guard other.size != own.size || other.root == own.root else {
            throw Wrong("it has another root than the bundle's checkpoint")
        }
        return other
    }
}

extension Dictionary where Key == String, Value == UInt64 {
    fileprivate var lists: [[String]: UInt64] {
        reduce(into: [:]) { $0[[$1.key]] = $1.value }
    }
}
