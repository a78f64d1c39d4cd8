import Bytes
import DaybookTesting
import Testing

@testable import Audit

@Suite struct ProviderListTests {
    static var columns: ListColumns {
        var columns = ListColumns(id: "id")
        columns.amount = "amount"
        columns.currency = "currency"
        return columns
    }

    static func csv(_ text: String, _ columns: ListColumns = columns) throws -> ProviderList {
        try ProviderList(csv: Array(text.utf8), columns)
    }

    static func json(_ text: String, _ columns: ListColumns = columns) throws -> ProviderList {
        try ProviderList(json: Array(text.utf8), columns)
    }

    @Test("CSV records are read, and what is none is told with its line")
    func csv() throws {
        let list = try Self.csv(
            """
            \u{FEFF}id,amount,currency\r
            a,"1,234.50",EUR\r
            b,500,jpy\r
            ,1,EUR\r
            d,1.234,EUR\r
            e,1\r
            f,1,\r
            "g\r
            h",0.01,EUR\r

            """
        )
        #expect(list.records.map(\.id) == ["a", "b", "g\r\nh"])
        #expect(list.records.map { $0.amount?.text } == ["1234.50 EUR", "500 JPY", "0.01 EUR"])
        #expect(list.problems.map(\.place) == [4, 5, 6, 7])
        #expect(list.records.map(\.place) == [2, 3, 8])
    }

    @Test(
        "a list without the column, or that is none, is refused",
        arguments: ["", "x,amount,currency\n1,2,EUR\n", "id,id,amount,currency\n", "id,am\"x\n"]
    )
    func refusesCSV(text: String) {
        #expect(throws: AuditProblem.self) { try Self.csv(text) }
    }

    @Test("a record of CSV is kept as JSON by its columns' names, formulas as they are")
    func content() throws {
        let list = try Self.csv("z,id,amount,currency\n=1+1,\"a\"\"b\",1,EUR\n")
        let content = String(decoding: list.content(of: list.records[0]), as: UTF8.self)
        #expect(content == #"{"amount":"1","currency":"EUR","id":"a\"b","z":"=1+1"}"#)
    }

    @Test("lists of JSON are found in all their shapes, and numbers are exact")
    func shapes() throws {
        let element = #"{"id":"a","amount":90071992547409.93,"currency":"EUR"}"#
        for text in [
            "[\(element)]", " [ \(element) ] \n", #"{"data":[\#(element)],"has_more":false}"#,
            #"{"object":"list","x":{"data":["]"]},"data":[\#(element)]}"#,
        ] {
            let list = try Self.json(text)
            #expect(list.records.map { $0.amount?.text } == ["90071992547409.93 EUR"], "\(text)")
            #expect(list.content(of: list.records[0]) == Array(element.utf8))
        }
        #expect(try Self.json("[]").records.isEmpty)
        #expect(try Self.json(#"{"data":[]}"#).records.isEmpty)
        let lines = try ProviderList(ndjson: Array("\(element)\r\n\nx\n[1]\n".utf8), Self.columns)
        #expect(lines.records.count == 1)
        #expect(lines.problems.map(\.place) == [3, 4])
    }

    @Test(
        "what is no list of JSON is refused",
        arguments: [
            "", "{}", "1", "[", "[1", "[1,]", "[,1]", "{\"data\":1}", "{\"data\":[1]", "[1]]",
            "[1] x", "{\"data\":[],\"x\":nope}", "{data:[]}", "{\"data\":[]", "[\"a]", "[{\"a\":1]",
            "{\"x\":1}", "{\"data\":[] \"x\":1}",
        ]
    )
    func refusesJSON(text: String) {
        do {
            let list = try Self.json(text)
            #expect(list.records.isEmpty && !list.problems.isEmpty, "\(text)")
        } catch {
            #expect(error is AuditProblem)
        }
    }

    @Test("broken JSON neither crashes nor is read as something else")
    func broken() throws {
        let text = Array(
            #"{"object":"list","data":[{"id":"a","amount":1.5,"currency":"EUR"},{"id":"b\""}]}"#
                .utf8
        )
        var chance = SeededChance(seed: 11)
        for _ in 0..<3000 {
            var bytes = text
            for _ in 0..<Int.random(in: 1...3, using: &chance) {
                let place = Int.random(in: 0..<bytes.count, using: &chance)
                bytes[place] = UInt8.random(in: 0...255, using: &chance)
            }
            bytes.removeLast(Int.random(in: 0..<20, using: &chance))
            guard let list = try? ProviderList(json: bytes, Self.columns) else { continue }
            #expect(list.records.count + list.problems.count <= 3)
        }
    }

    @Test("Stripe's event objects are recognised")
    func stripe() throws {
        let text = #"""
            {"object":"list","data":[{"id":"evt_1","object":"event","type":"charge.refunded",
            "created":1788256800,"data":{"object":{"id":"ch_1","object":"charge","amount":1250,
            "currency":"eur","status":"succeeded"}}}],"has_more":false}
            """#
        let columns = try #require(ProviderList.knownColumns(Array(text.utf8)))
        let list = try Self.json(text, columns)
        let record = try #require(list.records.first)
        #expect(record.id == "evt_1")
        #expect(record.type == "charge.refunded")
        #expect(record.amount?.text == "12.50 EUR")
        #expect(record.subject == "charge:ch_1")
        #expect(record.time == Timestamp(rfc3339: "2026-09-01T10:00:00Z"))
        #expect(ProviderList.knownColumns(Array("[{\"id\":1}]".utf8)) == nil)
        #expect(ProviderList.knownColumns(Array("id,amount".utf8)) == nil)
    }

    @Test("a list with more broken records than anybody reads is refused")
    func manyProblems() {
        let text = "id,amount,currency\n" + String(repeating: ",1,EUR\n", count: 10_001)
        #expect(throws: AuditProblem.self) { try Self.csv(text) }
    }
}
