import Tables
import Testing

@Suite("Streaming")
struct StreamingTests {
    struct DiskFull: Error, Equatable {}

    @Test("a long result leaves in pieces of bounded size", arguments: OutputFormat.allCases)
    func pieces(format: OutputFormat) {
        var sizes: [Int] = []
        var writer = RowWriter(columns: eventColumns, format: format, width: 100) {
            sizes.append($0.count)
        }
        for i in 0..<20_000 { writer.add(event(UInt64(i), "stripe", "payment_intent.succeeded")) }
        writer.finish()
        #expect(writer.count == 20_000)
        #expect(sizes.count > 10)
        #expect(sizes.allSatisfy { $0 < 100_000 && $0 > 0 })
    }

    @Test("a failure to write reaches the caller with its type", arguments: OutputFormat.allCases)
    func failure(format: OutputFormat) {
        var writer = RowWriter(columns: eventColumns, format: format) {
            (_: [UInt8]) throws(DiskFull) in throw DiskFull()
        }
        #expect(throws: DiskFull()) {
            for i in 0..<20_000 { try writer.add(event(UInt64(i), "a", "b")) }
        }
        #expect(writer.count < 20_000)
    }

    @Test("a flush leaves nothing behind", arguments: [OutputFormat.json, .ndjson, .csv])
    func flush(format: OutputFormat) {
        let columns = [Column("a")]
        let rows: [[Cell]] = [[.text("x")], [.text("y")], [.absent]]
        var output: [UInt8] = []
        var writer = RowWriter(columns: columns, format: format) { output += $0 }
        writer.flush()
        for row in rows {
            let before = output.count
            writer.add(row)
            #expect(output.count == before)
            writer.flush()
            #expect(output.count > before)
        }
        writer.finish()
        #expect(String(decoding: output, as: UTF8.self) == rendered(columns, rows, format))
    }
}
