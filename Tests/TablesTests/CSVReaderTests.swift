import Bytes
import Testing

@testable import Tables

@Suite struct CSVReaderTests {
    static func read(_ text: String) throws -> [[String]] { try read(Array(text.utf8)) }

    static func read(_ bytes: [UInt8]) throws -> [[String]] {
        var reader = try CSVReader(bytes.span)
        var rows: [[String]] = []
        while let row = try reader.next(in: bytes.span) { rows.append(row) }
        return rows
    }

    @Test(
        "records are read as RFC 4180 has them",
        arguments: [
            ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
            ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
            ("\u{FEFF}a,b\n1,2", [["a", "b"], ["1", "2"]]),
            ("a\n\"x,y\"\n", [["a"], ["x,y"]]),
            ("a\n\"x\r\ny\"\r\n", [["a"], ["x\r\ny"]]),
            ("a\n\"he said \"\"no\"\"\"\n", [["a"], ["he said \"no\""]]),
            ("a,b\n,\n", [["a", "b"], ["", ""]]),
            ("a,b\n\"\",\"\"\n", [["a", "b"], ["", ""]]),
            ("a;b\n1,5;2\n", [["a", "b"], ["1,5", "2"]]),
            ("a\tb\n1\t2\n", [["a", "b"], ["1", "2"]]),
            ("\"a;x\",b\n1,2\n", [["a;x", "b"], ["1", "2"]]),
            ("a\n\n\r\nb\n", [["a"], ["b"]]),
            ("a\n\"\"\nb\n", [["a"], [""], ["b"]]),
            ("=1+1,é\n", [["=1+1", "é"]]),
            ("", []),
        ]
    )
    func reads(text: String, rows: [[String]]) throws {
        #expect(try Self.read(text) == rows)
    }

    @Test(
        "what is ambiguous is refused with its line",
        arguments: [
            ("a,b\nx\"y,2\n", 2, "a quote within a field"),
            ("a,b\n\"x\"y,2\n", 2, "text after a closing quote"),
            ("a\n\"x\n\ny", 2, "the end of the text within quotes"),
            ("a\rb\n", 1, "a carriage return alone"),
            ("a\n\"x\ny\"\nb\u{0}c\n", 4, "NUL"),
        ]
    )
    func refuses(text: String, line: Int, reason: String) throws {
        let problem = #expect(throws: CSVProblem.self) { try Self.read(text) }
        #expect(problem?.line == line)
        #expect(problem?.reason.contains(reason) == true, "\(String(describing: problem))")
    }

    @Test("other encodings are refused")
    func encodings() {
        #expect(throws: CSVProblem.self) { try Self.read([0xFF, 0xFE, 0x61, 0x00]) }
        #expect(throws: CSVProblem.self) { try Self.read([0xFE, 0xFF, 0x00, 0x61]) }
        let problem = #expect(throws: CSVProblem.self) {
            try Self.read(Array("a\nb\n".utf8) + [0xE9, 0x0A])
        }
        #expect(problem?.line == 3)
    }

    @Test("a record has a limited number of fields of limited length")
    func limits() throws {
        let fields = String(repeating: ",", count: CSVReader.fieldCount)
        #expect(throws: CSVProblem.self) { try Self.read(fields) }
        let long = String(repeating: "x", count: CSVReader.fieldBytes + 1)
        #expect(throws: CSVProblem.self) { try Self.read(long) }
        #expect(throws: CSVProblem.self) { try Self.read("\"\(long)\"") }
    }

    @Test("what the writer writes is read back, but for what it does against formulas")
    func roundTrip() throws {
        let columns = ["a", "b", "c"].map { Column($0) }
        let rows = [
            ["plain", "with, comma", "with \"quotes\""],
            ["line\r\nbreak", " spaces ", "é;\tü"],
            ["", "-12.50", "x"],
        ]
        let csv = CSVLines(columns)
        var output: [UInt8] = []
        csv.appendHeader(to: &output)
        for row in rows { csv.append(row.map { .text($0) }, to: &output) }
        #expect(try Self.read(output) == [["a", "b", "c"]] + rows)
        var formula: [UInt8] = []
        csv.append([.text("=cmd|' /C calc'!A0"), .text("@x"), .text("+1+1")], to: &formula)
        #expect(try Self.read(formula) == [["'=cmd|' /C calc'!A0", "'@x", "'+1+1"]])
    }

    @Test("the place of a record is the text it was read from")
    func place() throws {
        let bytes = Array("id,n\r\n\"a,1\",2\r\nb,3".utf8)
        var reader = try CSVReader(bytes.span)
        var texts: [String] = []
        while try reader.next(in: bytes.span) != nil {
            texts.append(String(repairing: bytes.span.extracting(reader.place)))
        }
        #expect(texts == ["id,n", "\"a,1\",2", "b,3"])
    }
}
