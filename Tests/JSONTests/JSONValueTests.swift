import DaybookTesting
import JSON
import Testing

@Suite("Values")
struct JSONValueTests {
    @Test(
        "every kind is told apart",
        arguments: [
            ("{}", JSONKind.object), ("[]", .array), ("\"\"", .string), ("-1", .integer),
            ("9223372036854775807", .integer), ("9223372036854775808", .unsigned),
            ("1.0", .double), ("1e2", .double), ("true", .boolean), ("false", .boolean),
            ("null", .null), (" \t\r\n1 \t\r\n", .integer),
        ]
    )
    func kinds(text: String, kind: JSONKind) throws {
        #expect(try reading(text) { $0.kind } == kind)
    }

    @Test("numbers keep all 64 bits", arguments: [Int64.min, -1, 0, 1 << 53 + 1, .max])
    func signed(number: Int64) throws {
        #expect(try reading("\(number)") { $0.int64 } == number)
        #expect(try reading("\(number)") { $0.uint64 } == UInt64(exactly: number))
        #expect(try reading("\(number)") { $0.double } == Double(number))
        #expect(try reading("\(number)") { $0.scalarText } == String(number))
    }

    @Test("unsigned numbers keep all 64 bits", arguments: [UInt64(Int64.max) + 1, .max])
    func unsigned(number: UInt64) throws {
        #expect(try reading("\(number)") { $0.int64 } == nil)
        #expect(try reading("\(number)") { $0.uint64 } == number)
        #expect(try reading("\(number)") { $0.double } == Double(number))
        #expect(try reading("\(number)") { $0.scalarText } == String(number))
    }

    @Test(
        "a number with a fraction or an exponent is a double and no integer",
        arguments: [
            ("12.50", 12.5), ("-0.0", -0.0), ("1E3", 1000), ("5e-324", .leastNonzeroMagnitude),
            ("1e-400", 0),
            ("1.7976931348623157e308", .greatestFiniteMagnitude), ("1001.0", 1001),
        ]
    )
    func doubles(text: String, number: Double) throws {
        #expect(try reading(text) { $0.double } == number)
        #expect(try reading(text) { $0.int64 } == nil)
        #expect(try reading(text) { $0.uint64 } == nil)
        #expect(try reading(text) { $0.scalarText } == nil)
    }

    @Test("random doubles are read to the nearest one", arguments: 0..<10)
    func nearest(seed: UInt64) throws {
        var generator = SeededChance(seed: seed)
        for _ in 0..<200 {
            let number = Double(bitPattern: generator.next())
            guard number.isFinite else { continue }
            #expect(try reading("\(number)") { $0.double } == number)
            let long =
                "\(generator.next()).\(generator.next())e\(Int.random(in: -300...270, using: &generator))"
            #expect(try reading(long) { $0.double } == Double(long), "\(long)")
        }
    }

    @Test(
        "strings have their escapes resolved",
        arguments: [
            (#""""#, ""), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
            (#""\u00e9\uD83D\uDE02é😂""#, "é😂é😂"), (#""a\u0000b""#, "a\0b"),
            ("\"\u{7F}\u{2028}\"", "\u{7F}\u{2028}"),
        ]
    )
    func strings(text: String, value: String) throws {
        #expect(try reading(text) { $0.string } == value)
        #expect(try reading(text) { $0.scalarText } == value)
        let bytes = try reading(text) { json in
            guard let span = json.utf8 else { return [UInt8]() }
            return span.indices.map { span[$0] }
        }
        #expect(bytes == Array(value.utf8))
    }

    @Test("only true and false are booleans, only null is null")
    func literals() throws {
        #expect(try reading("true") { $0.bool } == true)
        #expect(try reading("false") { $0.bool } == false)
        #expect(try reading("1") { $0.bool } == nil)
        #expect(try reading("null") { $0.isNull })
        #expect(try !reading("\"null\"") { $0.isNull })
    }

    @Test("scalars have no text of another kind", arguments: ["{}", "[]", "true", "null", "1.5"])
    func noText(text: String) throws {
        #expect(try reading(text) { $0.string } == nil)
        #expect(try reading(text) { $0.scalarText } == nil)
        #expect(try reading(text) { $0.utf8 == nil })
    }

    @Test("members come in the document's order, repeated names and all")
    func members() throws {
        let text = #"{"b":1,"a":{"x":[]},"":3,"b":"again","\u0061":5}"#
        let found = try reading(text) { json in
            var found: [String] = []
            json.forEachMember { found.append("\($0.name)=\($0.value.kind)") }
            return found
        }
        #expect(
            found == ["b=an integer", "a=an object", "=an integer", "b=a string", "a=an integer"]
        )
        #expect(try reading(text) { $0.count } == 5)
        #expect(try reading(text) { $0.member("b")?.int64 } == 1)
        #expect(try reading(text) { $0.member("a")?.kind } == .object)
        #expect(try reading(text) { $0.member("")?.int64 } == 3)
        #expect(try reading(text) { $0.member("c") == nil })
    }

    @Test("elements come in order, past containers of any size")
    func elements() throws {
        let text = #"[[1,[2,3]],{"a":[]},"x",18446744073709551615,0.5,null,true]"#
        let kinds = try reading(text) { json in
            var kinds: [JSONKind] = []
            json.forEachElement { kinds.append($0.kind) }
            return kinds
        }
        #expect(kinds == [.array, .object, .string, .unsigned, .double, .null, .boolean])
        #expect(try reading(text) { $0.count } == 7)
        #expect(try reading(text) { $0.element(6)?.bool } == true)
        #expect(try reading(text) { $0.element(7) == nil })
        #expect(try reading(text) { $0.element(-1) == nil })
    }

    @Test("scalars have neither members nor elements", arguments: ["\"ab\"", "7", "null", "1.5"])
    func scalarsAreEmpty(text: String) throws {
        let visited = try reading(text) { json in
            var visited = json.count
            json.forEachMember { _ in visited += 1 }
            json.forEachElement { _ in visited += 1 }
            return visited
        }
        #expect(visited == 0)
    }

    @Test("an object has no elements and an array no members")
    func containersDiffer() throws {
        #expect(try reading(#"{"a":1}"#) { $0.element(0) == nil })
        #expect(try reading("[\"a\",1]") { $0.member("a") == nil })
    }

    @Test("what a visit throws ends it and comes out")
    func visitThrows() throws {
        struct Stop: Error {}
        var visited = 0
        var parser = JSONParser()
        let array = try parser.parse("[1,2,3]".utf8Span.span)
        do throws(Stop) {
            try array.forEachElement { (_) throws(Stop) in
                visited += 1
                if visited == 2 { throw Stop() }
            }
            Issue.record("the visit went on")
        } catch {}
        #expect(visited == 2)
    }
}
