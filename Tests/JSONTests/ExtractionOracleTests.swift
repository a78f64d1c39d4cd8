import DaybookTesting
import JSON
import Testing

@Suite("Agreement of extraction with the parser")
struct ExtractionOracleTests {
    /// Pointers to all that a document has, and to some places next to it.
    static func places(_ value: JSONValue, _ path: String = "") -> [String] {
        var texts = [path, path + "/nowhere", path + "/0", path + "/"]
        value.forEachMember { member in
            let name = member.name.replacing("~", with: "~0").replacing("/", with: "~1")
            texts += places(member.value, path + "/" + name)
        }
        var number = 0
        value.forEachElement { element in
            texts += places(element, path + "/\(number)")
            number += 1
        }
        return texts
    }

    /// A document with names that repeat, some of them with escapes.
    static func repeating(_ generator: inout SeededChance, depth: Int = 0) -> String {
        let names = [
            "a", "\\u0061", "b", "", "0", "1", "abcdefghi", "abcdefgh\\u0069", "é", "\\u00e9",
        ]
        switch Int.random(in: 0..<(depth < 4 ? 7 : 3), using: &generator) {
        case 0: return "\"x\\n\""
        case 1: return "-1.5"
        case 2: return "null"
        case 3:
            let elements = (0..<3).map { _ in repeating(&generator, depth: depth + 1) }
            return "[\(elements.joined(separator: " ,"))]"
        default:
            let members = (0..<5).map { _ in
                let name = names.randomElement(using: &generator) ?? ""
                return "\"\(name)\" : \(repeating(&generator, depth: depth + 1))"
            }
            return "{\(members.joined(separator: ","))}"
        }
    }

    /// Some of the pointers, in any order, of which some may be equal.
    static func some(
        _ texts: [String],
        _ generator: inout SeededChance
    ) throws -> [JSONPointer] {
        let count = Int.random(in: 1...12, using: &generator)
        return try pointers((0..<count).map { _ in texts.randomElement(using: &generator) ?? "" })
    }

    @Test("random paths into random documents lead where the parser leads", arguments: 0..<20)
    func documents(seed: UInt64) throws {
        var parser = JSONParser()
        var extractor = JSONExtractor()
        var writer = RandomJSON(generator: SeededChance(seed: seed &+ 2000))
        for round in 0..<100 {
            let text = round % 2 == 0 ? writer.document() : Self.repeating(&writer.generator)
            let value = try parser.parse(text.utf8Span.span)
            let texts = Self.places(value)
            for _ in 0..<4 {
                let chosen = try Self.some(texts, &writer.generator)
                let expected = chosen.map { Found(value, at: $0) }
                let paths = JSONPaths(chosen)
                let extraction = try extractor.extract(text.utf8Span.span, paths)
                #expect(extraction.values.all == expected, "seed \(seed): \(text) \(chosen)")
            }
        }
    }

    @Test("random paths into each element lead where the parser leads", arguments: 0..<20)
    func elements(seed: UInt64) throws {
        var parser = JSONParser()
        var extractor = JSONExtractor()
        var writer = RandomJSON(generator: SeededChance(seed: seed &+ 3000))
        let arrayPath = try JSONPaths(pointers(["/b/0"]))
        for round in 0..<100 {
            let parts = (0..<Int.random(in: 0..<5, using: &writer.generator)).map { _ in
                round % 2 == 0 ? writer.document() : Self.repeating(&writer.generator)
            }
            let text = "{\"a\":\"\\n\",\"b\":[[\(parts.joined(separator: ","))]]}"
            let value = try parser.parse(text.utf8Span.span)
            var texts = [""]
            var expected: [[Found]] = []
            value.at(try JSONPointer("/b/0"))?.forEachElement { texts += Self.places($0) }
            let chosen = try Self.some(texts, &writer.generator)
            value.at(try JSONPointer("/b/0"))?.forEachElement { element in
                expected.append(chosen.map { Found(element, at: $0) })
            }
            let paths = JSONPaths(chosen)
            var extraction = try extractor.extract(text.utf8Span.span, arrayPath)
            let elements = try extraction.each(0, paths, limit: 100)
            let found = (0..<elements.count).map { elements[$0].all }
            #expect(found == expected, "seed \(seed): \(text) \(chosen)")
        }
    }

    @Test(
        "damaged documents are refused or read, and read alike if they are JSON",
        arguments: 0..<20
    )
    func damaged(seed: UInt64) throws {
        var parser = JSONParser()
        var writer = RandomJSON(generator: SeededChance(seed: seed &+ 4000))
        for _ in 0..<200 {
            let text = writer.document()
            let chosen = try Self.some(
                Self.places(try parser.parse(text.utf8Span.span)),
                &writer.generator
            )
            try agree(writer.damaged(Array(text.utf8)), chosen, &parser)
        }
    }

    @Test(
        "a real document cut or with a bit flipped at any place is refused or read",
        arguments: 0..<9
    )
    func everyPlace(part: Int) throws {
        var parser = JSONParser()
        let bytes = try fixture("stripe-payment-intent.json")
        let chosen = try pointers([
            "/id", "/data/object/id", "/data/object/amount", "/data/object/metadata", "/created",
            "/data/object/payment_method_types/0", "/type", "/request", "/nowhere",
        ])
        for place in bytes.indices {
            if part == 8 {
                try agree(Array(bytes[..<place]), chosen, &parser)
            } else {
                var flipped = bytes
                flipped[place] ^= 1 << UInt8(part)
                try agree(flipped, chosen, &parser)
            }
        }
    }

    /// Reads the bytes both ways; only what the parser refuses may be refused.
    private func agree(
        _ bytes: [UInt8],
        _ pointers: [JSONPointer],
        _ parser: inout JSONParser
    ) throws {
        let found = try? extracted(bytes, pointers)
        guard let value = try? parser.parse(bytes.span) else { return }
        let expected = pointers.map { Found(value, at: $0) }
        #expect(found == expected, "\(String(decoding: bytes, as: UTF8.self)) \(pointers)")
    }
}
