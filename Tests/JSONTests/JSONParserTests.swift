import JSON
import Testing

@Suite("Parsing")
struct JSONParserTests {
    @Test("a real event is read")
    func event() throws {
        let bytes = try fixture("stripe-payment-intent.json")
        var parser = JSONParser()
        let event = try parser.parse(bytes.span)
        let order = try event.at(JSONPointer("/data/object/metadata/order_id"))?.string
        let amount = try event.at(JSONPointer("/data/object/amount"))?.int64
        let methods = try event.at(JSONPointer("/data/object/payment_method_types/2"))?.string
        #expect(order == "100234")
        #expect(amount == 14990)
        #expect(methods == "link")
    }

    @Test("an event cut at any byte is refused")
    func truncated() throws {
        let bytes = try fixture("stripe-payment-intent.json")
        var parser = JSONParser()
        for count in bytes.indices {
            #expect(throws: JSONError.self) {
                _ = try parser.parse(bytes.span.extracting(..<count))
            }
        }
        // And the parser is as good as new.
        #expect(try parser.parse(bytes.span).count == 9)
    }

    @Test("a parser reads documents of all sizes one after the other")
    func reuse() throws {
        var parser = JSONParser()
        for count in [0, 1, 1000, 100_000, 1_000_000, 3, 70_000, 0, 2_000_000, 1] {
            let text = count == 0 ? Array("[]".utf8) : repeated("7,", count: count, in: "[]")
            #expect(try parser.parse(text.span).count == count)
            let last = try parser.parse(text.span).element(count - 1)?.int64
            #expect(last == (count == 0 ? nil : 7))
        }
    }

    /// `unit` over and over between two bytes, without the last comma if it ends in one.
    func repeated(_ unit: String, count: Int, in bounds: String) -> [UInt8] {
        let unit = Array(unit.utf8)
        let (opening, closing) = (bounds.utf8.first ?? 0, bounds.utf8.last ?? 0)
        var bytes = [UInt8](repeating: opening, count: 1 + unit.count * count)
        for index in 1..<bytes.count { bytes[index] = unit[(index - 1) % unit.count] }
        if unit.last == UInt8(ascii: ",") { bytes.removeLast() }
        return bytes + [closing]
    }

    @Test("ten megabytes of one string, of strings and of brackets are read")
    func large() throws {
        var parser = JSONParser()
        let long = repeated("é", count: 5_000_000, in: "\"\"")
        #expect(try parser.parse(long.span).utf8?.count == 10_000_000)
        let many = repeated("\"\",", count: 3_333_333, in: "[]")
        #expect(try parser.parse(many.span).count == 3_333_333)
        let empties = repeated("{},", count: 3_333_333, in: "[]")
        #expect(try parser.parse(empties.span).count == 3_333_333)
        let escapes = repeated("\\n", count: 5_000_000, in: "\"\"")
        #expect(try parser.parse(escapes.span).utf8?.count == 5_000_000)
    }

    @Test("ten megabytes of rubbish are refused", arguments: "[\"\\{1,\0 ".utf8)
    func rubbish(byte: UInt8) {
        #expect(parseError([UInt8](repeating: byte, count: 10_000_000)) != nil)
    }

    @Test("a failure does not spoil the next document")
    func afterFailure() throws {
        var parser = JSONParser()
        for bad in ["", "[", "\"\\ud800\"", "1e999", "{\"a\":}", "[1,2"] {
            #expect(throws: JSONError.self) { _ = try parser.parse(bad.utf8Span.span) }
            #expect(try parser.parse("{\"a\":[1]}".utf8Span.span).member("a")?.count == 1)
        }
    }
}
