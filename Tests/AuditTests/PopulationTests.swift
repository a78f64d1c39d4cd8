import Audit
import Bytes
import Foundation
import Ledger
import Projections
import Testing

@Suite("Populations")
struct PopulationTests {
    private static func population(_ sales: SalesLedger) throws -> (Population, ReportRecord) {
        let population = try Population(EventSelection(text: "source=shop"), views: sales.views)
        let record = try population.record(tool: "daybook 1", actor: .anna, purpose: nil)
            .record(in: sales.ledger)
        return (population, record)
    }

    private static func sales() throws -> SalesLedger {
        let sales = try SalesLedger()
        try sales.append([
            SalesLedger.sale(1, total: "12.50"), SalesLedger.sale(2, total: "-2.25"),
            SalesLedger.sale(3, total: "700", currency: "JPY"), SalesLedger.sale(4, total: nil),
            SalesLedger.fact("ops", "o1", "note", "{}"),
        ])
        return sales
    }

    @Test("count and sum what fits, and say by what and who")
    func figures() throws {
        let sales = try Self.sales()
        let (population, record) = try Self.population(sales)
        let bytes = population.json(record)
        let list = try Figures.list(bytes.span)
        let figures = Dictionary(list.map { ($0.name, $0.value) }) { a, _ in a }
        #expect(figures["totals.events"] == "4")
        #expect(figures["totals.first"] == "1" && figures["totals.last"] == "4")
        #expect(figures["totals.amounts total EUR sales.sum"] == "10.25")
        #expect(figures["totals.amounts total JPY sales.sum"] == "700")
        #expect(figures["totals.amounts total JPY sales.count"] == "1")
        #expect(figures["query"] == "source=shop" && figures["by"] == "os-user:anna")
        #expect(figures["size"] == "6" && figures["report"] == "6")
        #expect(try figures["root"] == "\(sales.ledger.read { try $0.root(size: 6) })")
        #expect(figures["definitions.sales"]?.hasPrefix("1 ") == true)
    }

    @Test("are the same bytes again from their record, whatever came later")
    func again() throws {
        let sales = try Self.sales()
        let (population, record) = try Self.population(sales)
        try sales.append((10..<40).map { SalesLedger.sale($0, total: "1.00") })
        let sequence = try #require(record.recorded).sequence
        let read = try ReportRecord.read(sequence, in: sales.ledger)
        #expect(try Population.report(of: read, views: sales.views) == population.json(record))
    }

    @Test("that were given out are accepted by their own ledger only")
    func files() throws {
        let sales = try Self.sales()
        let (population, record) = try Self.population(sales)
        let bytes = population.json(record)
        let file = try Self.file(bytes)
        #expect(file.events == 4 && file.size == 6 && file.report == 6)
        try file.require(of: sales.ledger)
        // Another log of the same name and length has another root.
        let other = try Self.sales()
        try other.append([SalesLedger.sale(9, total: nil)])
        Self.expectRefusal("another log") { try file.require(of: other.ledger) }
        let short = try SalesLedger()
        Self.expectRefusal("of another ledger") { try file.require(of: short.ledger) }
    }

    private static func file(_ bytes: [UInt8]) throws -> PopulationFile {
        try PopulationFile(bytes.span)
    }

    private static func expectRefusal(_ part: String, _ body: () throws -> Void) {
        do {
            try body()
            Issue.record("this is accepted")
        } catch {
            #expect("\(error)".contains(part), "\(error)")
        }
    }

    @Test(
        "that were changed are refused",
        arguments: [
            (#""origin":"test.example/log""#, #""origin":"other.example/log""#, "another ledger"),
            (#""query":"source=shop""#, #""query":"source=s*""#, "was changed"),
            (#""events":4"#, #""events":3"#, "was changed"),
            (#""size":6"#, #""size":5"#, "another log"),
            (#""size":6"#, #""size":600"#, "a log of 600"),
            (#""report":6"#, #""report":3"#, "no report"),
        ]
    )
    func changed(old: String, new: String, reason: String) throws {
        let sales = try Self.sales()
        let (population, record) = try Self.population(sales)
        let text = String(decoding: population.json(record), as: UTF8.self)
        try #require(text.contains(old))
        let file = try Self.file(Array(text.replacing(old, with: new).utf8))
        Self.expectRefusal(reason) { try file.require(of: sales.ledger) }
    }

    @Test(
        "that are none cannot be read",
        arguments: [
            "", "{", "[]", "7", #"{"format":"daybook-evidence/v1"}"#,
            #"{"format":"daybook-population/v1"}"#,
            #"{"format":"daybook-population/v1","query":"colour=1","origin":"x","size":1,"#
                + #""root":"00","totals":{"events":1}}"#,
            #"{"format":"daybook-population/v1","query":"all","origin":"x","size":-1,"#
                + #""root":"00","totals":{"events":1}}"#,
        ]
    )
    func noPopulation(text: String) {
        #expect(throws: AuditProblem.self) { try Self.file(Array(text.utf8)) }
    }
}
