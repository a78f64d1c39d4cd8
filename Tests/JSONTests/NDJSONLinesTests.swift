import JSON
import Testing

@Suite("Newline-delimited JSON")
struct NDJSONLinesTests {
    func lines(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        var lines = NDJSONLines()
        var found: [String] = []
        while let range = lines.next(in: bytes.span) {
            found.append("\(lines.lineNumber):" + String(decoding: bytes[range], as: UTF8.self))
        }
        return found
    }

    @Test(
        "lines are found with their numbers, blank ones passed over",
        arguments: [
            ("", []), ("\n\n", []), ("{}", ["1:{}"]), ("{}\n", ["1:{}"]),
            ("1\n2\n3", ["1:1", "2:2", "3:3"]), ("1\r\n2\r\n", ["1:1", "2:2"]),
            ("\n \t\r\n 1 \n\n2\n", ["3:1", "5:2"]), ("a\rb\n", ["1:a\rb"]),
        ] as [(String, [String])]
    )
    func found(text: String, expected: [String]) {
        #expect(lines(text) == expected)
    }

    @Test("input in pieces of any size gives the same lines", arguments: 1...12)
    func pieces(size: Int) {
        let text = Array("{\"a\":1}\r\n\n[2]\n\"three\"\n4".utf8)
        var lines = NDJSONLines()
        var kept: [UInt8] = []
        var found: [String] = []
        var fed = 0
        var isWhole = false
        repeat {
            let piece = text[fed..<min(fed + size, text.count)]
            fed += piece.count
            isWhole = fed == text.count
            kept += piece
            while let range = lines.next(in: kept.span, isWhole: isWhole) {
                let line = String(decoding: kept[range], as: UTF8.self)
                found.append("\(lines.lineNumber):\(line)")
            }
            kept.removeFirst(lines.offset)
            lines.rebase()
        } while !isWhole
        #expect(found == ["1:{\"a\":1}", "3:[2]", "4:\"three\"", "5:4"])
    }
}
