import Audit
import Bytes
import DaybookTesting
import Digest
import Foundation
import Ledger
import Merkle
import Projections
import Testing

@Suite("Samples")
struct SampleTests {
    private struct Sold {
        let sequence: UInt64
        let cents: Int?
        let currency: String
    }

    /// Sales in three currencies, of like and unlike amounts, some without one.
    private static func sales(_ count: Int, seed: UInt64) throws -> (SalesLedger, [Sold]) {
        let sales = try SalesLedger()
        var chance = SeededChance(seed: seed)
        let drawn = (0..<count).map { _ -> (cents: Int?, currency: String) in
            let cents = Int.random(in: 0..<40, using: &chance) * 25
            let isSilent = Int.random(in: 0..<6, using: &chance) == 0
            return (
                isSilent ? nil : cents,
                ["EUR", "EUR", "USD", "CHF"].randomElement(using: &chance) ?? "EUR"
            )
        }
        let drafts = drawn.enumerated().map { number, sale in
            SalesLedger.sale(
                number,
                total: sale.cents.map { String(format: "%d.%02d", $0 / 100, $0 % 100) },
                currency: sale.currency
            )
        }
        let sequences = try sales.append(drafts)
        let sold = zip(sequences, drawn).map {
            Sold(sequence: $0, cents: $1.cents, currency: $1.currency)
        }
        return (sales, sold)
    }

    private static func query(_ count: Int, _ seed: String, bands: Int? = nil) throws -> SampleQuery
    {
        try SampleQuery(
            count: count,
            seed: seed,
            bands: bands,
            population: nil,
            selection: EventSelection(text: "source=shop")
        )
    }

    /// The draw as the report's rule words it, without the program's own code.
    private static func lot(_ seed: String, _ sequence: UInt64) -> String {
        let bytes =
            Array(seed.utf8) + [0]
            + (0..<8).reversed().map { UInt8(truncatingIfNeeded: sequence >> ($0 * 8)) }
        return "\(SHA256.hash(bytes.span))"
    }

    private static func winners(_ seed: String, _ sequences: [UInt64], _ count: Int) -> [UInt64] {
        Array(sequences.sorted { lot(seed, $0) < lot(seed, $1) }.prefix(count))
    }

    @Test("are what the rule gives, without repeats, and a smaller one is within a larger")
    func simple() throws {
        let (sales, sold) = try Self.sales(120, seed: 1)
        var before: Set<UInt64> = []
        for count in [1, 2, 25, 119, 120, 500] {
            let sample = try Sample(Self.query(count, "FY26 Q3"), views: sales.views)
            let drawn = sample.rows.map(\.sequence)
            #expect(drawn == Self.winners("FY26 Q3", sold.map(\.sequence), count).sorted())
            #expect(Set(drawn).count == drawn.count && drawn.count == min(count, 120))
            #expect(before.isSubset(of: drawn))
            before = Set(drawn)
        }
        let other = try Sample(Self.query(25, "FY26 Q4"), views: sales.views)
        let one = try Sample(Self.query(25, "FY26 Q3"), views: sales.views)
        #expect(other.rows.map(\.sequence) != one.rows.map(\.sequence))
    }

    @Test("in strata are what an own computation gives", arguments: [1, 2, 3, 4, 5, 6])
    func stratified(seed: UInt64) throws {
        let (sales, sold) = try Self.sales(150, seed: seed)
        let bands = Int(seed)
        let sample = try Sample(Self.query(30, "s\(seed)", bands: bands), views: sales.views)
        var groups: [(name: String, sequences: [UInt64])] = []
        for currency in ["CHF", "EUR", "USD"] {
            let said = sold.filter { $0.currency == currency && $0.cents != nil }
                .sorted { ($0.cents ?? 0, $0.sequence) < ($1.cents ?? 0, $1.sequence) }
            for band in 0..<bands {
                let part = said[said.count * band / bands..<said.count * (band + 1) / bands]
                if !part.isEmpty {
                    groups.append(("\(currency) \(band + 1)", part.map(\.sequence)))
                }
            }
        }
        groups.append(("no amount", sold.filter { $0.cents == nil }.map(\.sequence)))
        // Largest remainder in integers, worked out by giving seats one by one.
        var seats = groups.map { 30 * $0.sequences.count / 150 }
        var fractions = groups.map { 30 * $0.sequences.count % 150 }
        while seats.reduce(0, +) < 30 {
            let best = fractions.indices.max {
                fractions[$0] < fractions[$1] || fractions[$0] == fractions[$1] && $0 > $1
            }
            let place = try #require(best)
            seats[place] += 1
            fractions[place] = -1
        }
        var expected: [UInt64: String] = [:]
        for (group, count) in zip(groups, seats) {
            for sequence in Self.winners("s\(seed)", group.sequences, count) {
                expected[sequence] = group.name
            }
        }
        #expect(sample.rows.count == 30)
        #expect(sample.rows.map(\.sequence) == expected.keys.sorted())
        for row in sample.rows { #expect(row.stratum == expected[row.sequence]) }
        #expect(sample.strata.map(\.name) == groups.map(\.name))
        #expect(sample.strata.map(\.size) == groups.map(\.sequences.count))
        #expect(sample.strata.map(\.share) == seats)
        for row in sample.rows {
            let sale = sold.first { $0.sequence == row.sequence }
            #expect(row.amount.map { Int($0.amount) } == sale?.cents)
        }
    }

    @Test("are the same bytes again from their record, whatever came later")
    func again() throws {
        let (sales, _) = try Self.sales(60, seed: 9)
        let query = try Self.query(10, "x % y", bands: 2)
        let sample = try Sample(query, views: sales.views)
        let record = try sample.record(tool: "daybook 1", actor: .anna, purpose: "FY26")
            .record(in: sales.ledger)
        let bytes = sample.json(record)
        try sales.append((100..<150).map { SalesLedger.sale($0, total: "1.00") })
        let read = try ReportRecord.read(#require(record.recorded).sequence, in: sales.ledger)
        #expect(try Sample.report(of: read, views: sales.views) == bytes)
        #expect(read.rows == 10)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains(#""seed":"x % y""#) && text.contains(#""purpose":"FY26""#))
    }

    @Test("have proofs that hold under the sample's checkpoint")
    func proofs() throws {
        let (sales, _) = try Self.sales(40, seed: 2)
        let sample = try Sample(Self.query(7, "p"), views: sales.views)
        try sales.append([SalesLedger.sale(900, total: nil)])
        let folder = "\(sales.folder.path)/../proofs"
        #expect(try sample.writeProofs(to: folder, from: sales.ledger) == 7)
        for row in sample.rows {
            let name = "\(folder)/\(Decimal.padded(row.sequence, digits: 20))"
            let line = Array(try Data(contentsOf: URL(filePath: "\(name).line")))
            let text = Array(try Data(contentsOf: URL(filePath: "\(name).tlog-proof")))
            let proof = try TLogProof(text.span)
            let note = try SignedNote(proof.checkpoint.span)
            let checkpoint = try Checkpoint(note.text.span)
            #expect(SHA256.leaf(line.span) == row.leafHash)
            #expect(proof.index == row.sequence && checkpoint.size == sample.size)
            let inclusion = InclusionProof(
                index: proof.index,
                size: checkpoint.size,
                path: proof.path
            )
            #expect(try inclusion.root(leaf: row.leafHash, using: SHA256.self) == sample.root)
        }
        #expect(throws: AuditProblem.self) {
            try sample.writeProofs(to: folder, from: sales.ledger)
        }
        #expect(try sample.writeProofs(to: folder, from: sales.ledger, replaces: true) == 7)
    }

    @Test(
        "a query's text is read back as the same query",
        arguments: ["a", "FY 26%20", "é of x=1"]
    )
    func roundTrip(seed: String) throws {
        let query = try SampleQuery(
            count: 7,
            seed: seed,
            bands: 3,
            population: 12,
            selection: EventSelection(text: "source=a%20of%20b from=3")
        )
        let again = try SampleQuery(text: query.text)
        #expect(again.text == query.text && again.seed == seed)
        #expect(again.count == 7 && again.bands == 3 && again.population == 12)
        #expect(again.selection.text == query.selection.text)
    }

    @Test("that cannot be drawn are refused")
    func refusals() throws {
        let (sales, _) = try Self.sales(5, seed: 2)
        #expect(throws: AuditProblem.self) { try Self.query(0, "s") }
        #expect(throws: AuditProblem.self) { try Self.query(SampleQuery.countLimit + 1, "s") }
        #expect(throws: AuditProblem.self) { try Self.query(5, "") }
        #expect(throws: AuditProblem.self) { try Self.query(5, String(repeating: "s", count: 201)) }
        #expect(throws: AuditProblem.self) { try Self.query(5, "s", bands: 0) }
        #expect(throws: AuditProblem.self) { try Self.query(5, "s", bands: 101) }
        for text in ["", "n=5", "seed=x of all", "n=x seed=y of all", "n=5 seed=x of colour=1"] {
            #expect(throws: AuditProblem.self, "\(text)") { try SampleQuery(text: text) }
        }
        let nothing = try SampleQuery(
            count: 5,
            seed: "s",
            bands: nil,
            population: nil,
            selection: EventSelection(text: "source=nobody")
        )
        #expect(throws: AuditProblem.self) { try Sample(nothing, views: sales.views) }
        #expect(throws: LedgerError.self) {
            try Sample(Self.query(5, "s"), size: 1000, views: sales.views)
        }
    }
}
