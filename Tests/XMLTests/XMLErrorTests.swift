import DaybookTesting
import JSON
import Testing
import XML

@Suite("Broken XML")
struct XMLErrorTests {
    @Test(
        "what is wrong is said with its line",
        arguments: [
            ("", 1, "Document is empty"),
            ("text", 1, "Start tag expected, '<' not found"),
            ("{\"a\": 1}", 1, "Start tag expected, '<' not found"),
            ("<a>\n<b>\n</a>", 3, "Opening and ending tag mismatch: b line 2 and a"),
            ("<a>\n</a>\n<b/>", 3, "Extra content at the end of the document"),
            ("<a x='1'\nx='2'/>", 2, "Attribute x redefined"),
            ("<a>\n\n&#1;</a>", 3, "xmlParseCharRef: invalid xmlChar value 1"),
            ("<a>\n\u{1}</a>", 2, "PCDATA invalid Char value 1"),
            (
                "<a>\n<![CDATA[\u{B}]]></a>", 2,
                "CDATA section not finished, or with a control character"
            ),
            ("<a/>\0<b/>", 1, "found a zero byte"),
            ("\n<a/>\0", 2, "found a zero byte"),
        ]
    )
    func broken(document: String, line: Int, reason: String) {
        #expect(refusal(document) == .notXML(line: line, reason: reason))
    }

    @Test(
        "what is not well-formed is refused",
        arguments: [
            "  ", " <?xml version='1.0'?><a/>", "<?xml version='2.0'?><a/>", "<a x=1/>", "<a x/>",
            "<a x='<'/>", "<a x='\u{8}'/>", "<a>\u{FFFF}</a>", "<a>]]></a>", "<a>&</a>",
            "<a>&#xD800;</a>", "<a>&#0;</a>", "<a>&#x110000;</a>", "<a><!-- -- --></a>",
            "<a><?xml version='1.0'?></a>", "<aaaa>\0</aaaa>", "<a", "</a>", "<1/>", "<a/>text",
        ]
    )
    func malformed(document: String) {
        guard case .notXML(line: 1, _) = refusal(document) else {
            Issue.record("\(String(describing: refusal(document)))")
            return
        }
    }

    @Test("names that an error quotes are cut and on one line")
    func longReason() {
        let name = String(repeating: "n", count: 1000)
        guard case .notXML(_, let reason) = refusal("<a></\(name)>") else {
            Issue.record("not refused")
            return
        }
        #expect(reason.count == 121)
    }

    @Test(
        "errors read as one line each",
        arguments: [
            (.tooLarge(byteCount: 3, limit: 2), "XML too large: found 3 bytes, expected at most 2"),
            (
                .encoding(name: "UTF-7"),
                "XML in an unknown encoding: found UTF-7, "
                    + "expected UTF-8, UTF-16, ISO-8859 or a Windows code page"
            ),
            (.notXML(line: 4, reason: "found nothing"), "not XML: found nothing, at line 4"),
            (
                .documentType(line: 2),
                "XML refused: found a document type at line 2, expected none"
            ),
            (
                .tooMany(.levels, line: 9, limit: 64),
                "XML too large: found more than 64 levels of elements at line 9"
            ),
            (
                .tooMany(.tagBytes, line: 1, limit: 5),
                "XML too large: found more than 5 bytes in a tag or comment at line 1"
            ),
            (.outOfMemory, "no memory for parsing XML"),
        ] as [(XMLError, String)]
    )
    func descriptions(error: XMLError, description: String) {
        #expect("\(error)" == description)
    }

    @Test(
        "a document that ends too early is refused wherever it is cut",
        arguments: ["salesforce-1.xml", "salesforce-3.xml"]
    )
    func truncated(name: String) throws {
        let document = try fixture(name)
        let end = document.lastIndex(of: UInt8(ascii: ">")) ?? 0
        for count in 0...end {
            let error = refusal(Array(document.prefix(count)))
            #expect(error != nil, "\(count) bytes")
        }
        #expect(refusal(Array(document.prefix(end + 1))) == nil)
    }

    @Test("damaged documents are refused or become JSON with distinct keys", arguments: 0..<10)
    func damaged(seed: UInt64) throws {
        var generator = SeededChance(seed: seed)
        // Each level of elements can be an object and an array.
        var parser = JSONParser(maximumDepth: 2 * XMLLimits.depth + 1)
        let originals =
            try [fixture("salesforce-1.xml"), fixture("salesforce-3.xml")] + [
                Array(XMLLimitTests.laughs.utf8),
                Array("<?xml version='1.0' encoding='ISO-8859-1'?><a x='&amp;'>\n".utf8)
                    + [0xE9] + Array("<![CDATA[ ]]><b/><b/>&#38;<!-- --></a>".utf8),
                Array(
                    "\u{FEFF}<a b='c'>d<e/></a>".utf16.flatMap {
                        [UInt8($0 >> 8), UInt8($0 & 255)]
                    }
                ),
            ]
        var accepted = 0
        for round in 0..<1000 {
            var document = originals[round % originals.count]
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                damage(&document, &generator)
            }
            guard let text = try? jsonText(ofXML: document.span) else { continue }
            accepted += 1
            let isAmbiguous = try parser.parse(text.span).hasDuplicateKeys
            #expect(!isAmbiguous, "seed \(seed), round \(round)")
        }
        #expect(accepted > 0)
    }

    private func damage(_ document: inout [UInt8], _ generator: inout SeededChance) {
        let place = document.indices.randomElement(using: &generator) ?? 0
        let end = Int.random(in: place...document.count, using: &generator)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: document[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: document[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 2: document.remove(at: place)
        case 3:
            document.insert(
                "<>&;/='\"![]?-:\0 ".utf8.randomElement(using: &generator) ?? 0,
                at: place
            )
        case 4: document.insert(contentsOf: document[place..<min(end, place + 60)], at: place)
        default: document.removeSubrange(place..<min(end, place + 20))
        }
        if document.isEmpty { document = [0x3C] }
    }

    @Test("nothing is written to standard error")
    func silence() async throws {
        let result = try await #require(
            processExitsWith: .success,
            observing: [\.standardErrorContent, \.standardOutputContent]
        ) {
            let broken: [[UInt8]] = [
                Array("<a><b></a>".utf8), Array("<a>&x;</a>".utf8), Array("<x:a/>".utf8),
                Array("<!DOCTYPE a SYSTEM 'file:///nowhere'><a/>".utf8),
                // What the encoding has no character for, and half a pair of UTF-16.
                Array("<?xml version='1.0' encoding='windows-1253'?><a>".utf8)
                    + [0xD2] + Array("</a>".utf8),
                [0xFF, 0xFE, 0x3C, 0x00, 0x61, 0x00, 0x3E, 0x00, 0x00, 0xD8, 0x3C, 0x00, 0x2F],
            ]
            for document in broken { _ = refusal(document) }
        }
        #expect(String(decoding: result.standardErrorContent, as: UTF8.self) == "")
    }
}
