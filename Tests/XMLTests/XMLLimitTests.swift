import Testing
import XML

@Suite("What XML may not do")
struct XMLLimitTests {
    static let laughs = """
        <?xml version="1.0"?>
        <!DOCTYPE lolz [
         <!ENTITY lol "lol">
         <!ENTITY lol1 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
         <!ENTITY lol2 "&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;">
         <!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">
        ]>
        <lolz>&lol3;</lolz>
        """

    @Test(
        "a document type is refused before it is read",
        arguments: [
            (laughs, 2),
            ("<!DOCTYPE a SYSTEM 'file:///etc/hostname'><a/>", 1),
            ("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><a>&x;</a>", 1),
            ("<!DOCTYPE a PUBLIC '-//W3C//DTD' 'http://127.0.0.1:1/a.dtd'><a/>", 1),
            ("\n\n<!DOCTYPE a><a/>", 3),
            ("<!DOCTYPE a [ what follows is not looked at", 1),
            ("<!DOCTYPE a [<!ENTITY % p '<!ENTITY q \"r\">'>%p;]><a>&q;</a>", 1),
        ]
    )
    func documentType(document: String, line: Int) {
        #expect(refusal(document) == .documentType(line: line))
    }

    @Test("entities are not known but for the five", arguments: ["<a>&nbsp;</a>", "<a b='&x;'/>"])
    func entities(document: String) {
        guard case .notXML(line: 1, let reason) = refusal(document) else {
            Issue.record("\(String(describing: refusal(document)))")
            return
        }
        #expect(reason.hasPrefix("Entity '"))
    }

    @Test("schema locations and inclusions are only text")
    func inclusions() throws {
        let document = """
            <a xmlns:xi="http://www.w3.org/2001/XInclude" xsi:schemaLocation="u file:///a.xsd">\
            <xi:include href="file:///etc/hostname" parse="text"/></a>
            """
        let expected = ##"""
            {"a":{"@schemaLocation":"u file:///a.xsd",\##
            "include":{"@href":"file:///etc/hostname","@parse":"text"}}}
            """##
        #expect(try json(document) == expected)
    }

    @Test("elements nest to the limit and no deeper")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "<a>\n", count: depth) + String(repeating: "</a>", count: depth)
        }
        let limit = XMLLimits.depth
        #expect(try json(nested(limit)).count == limit * 6 + 4)
        #expect(refusal(nested(limit + 1)) == .tooMany(.levels, line: limit + 1, limit: limit))
        #expect(refusal(nested(100_000)) == .tooMany(.levels, line: limit + 1, limit: limit))
        let open = String(repeating: "<a>", count: 1_000_000)
        #expect(refusal(open) == .tooMany(.levels, line: 1, limit: limit))
    }

    @Test("elements and attributes are counted together, to the limit and no further")
    func nodes() throws {
        let limit = XMLLimits.nodeCount
        func document(_ elements: Int) -> String {
            "<a c='1'>\n" + String(repeating: "<b/>", count: elements) + "</a>"
        }
        #expect(try json(document(limit - 2)).utf8.count == limit * 3 + 16)
        #expect(refusal(document(limit - 1)) == .tooMany(.nodes, line: 2, limit: limit))
    }

    @Test("a document has as many bytes as the limit and no more")
    func bytes() throws {
        let limit = XMLLimits.byteCount
        let text = String(repeating: "x", count: limit / 4 - 9)
        let document = "<a>" + String(repeating: "<b>\(text)</b>", count: 4) + "</a>"
        let filler = String(repeating: "\n", count: limit - document.utf8.count)
        #expect(try json(document + filler).utf8.count == 4 * text.utf8.count + 25)
        let tooLarge = XMLError.tooLarge(byteCount: limit + 1, limit: limit)
        #expect(refusal(document + filler + "\n") == tooLarge)
    }

    @Test("an element has as many attributes and namespaces as the limit and no more")
    func attributes() throws {
        let limit = XMLLimits.attributeCount
        let tooMany = XMLError.tooMany(.attributes, line: 2, limit: limit)
        for prefix in ["a", "xmlns:a"] {
            func document(_ count: Int) -> String {
                "<r>\n<b" + (0..<count).map { " \(prefix)\($0)='u'" }.joined() + "/></r>"
            }
            #expect(refusal(document(limit)) == nil)
            #expect(refusal(document(limit + 1)) == tooMany)
        }
        // Those of the elements around it are in force as well.
        let spaces = (0..<limit).map { " xmlns:a\($0)='u'" }.joined()
        #expect(refusal("<r\(spaces)>\n<a0:b/></r>") == nil)
        #expect(refusal("<r\(spaces)>\n<b xmlns:c='u'/></r>") == tooMany)
    }

    @Test("names, prefixes and namespaces of all kinds are counted together")
    func names() throws {
        let limit = XMLLimits.nameCount
        let count = limit - 100
        let elements = (0..<count).map { "<b\($0)/>" }.joined()
        let text = try json("<a>\(elements)\(elements)</a>")
        #expect(text.hasPrefix(#"{"a":{"b0":["",""],"b1":["",""],"#))
        #expect(text.hasSuffix("\"b\(count - 1)\":[\"\",\"\"]}}"))
        #expect(text.split(separator: ":").count == count + 2)
        let forms = [
            "<b#/>", "<b c#=''/>", "<b#:c/>", "<b xmlns='#'/>", "<b xmlns:c#=''/>", "<?c#?>",
        ]
        for form in forms {
            let pieces = (0...limit).map { form.replacing("#", with: String($0)) }
            let found = refusal("<a>" + pieces.joined() + "</a>")
            #expect(found == .tooMany(.names, line: 1, limit: limit), "\(form)")
        }
    }

    @Test("a tag, a comment or an instruction that is too long is refused")
    func tagBytes() throws {
        let limit = XMLLimits.tagByteCount
        let tooLong = XMLError.tooMany(.tagBytes, line: 2, limit: limit)
        let most = String(repeating: "x", count: limit - 10_000)
        // Attributes that would be compared each with each for many minutes.
        let attributes = (0..<1_200_000).map { " a\($0)=''" }.joined()
        for (start, end) in [("<b c='", "'/>"), ("<!--", "-->"), ("<?p ", "?>")] {
            #expect(refusal("<a>\n\(start)\(most)\(end)</a>") == nil)
            #expect(refusal("<a>\n\(start)\(most)\(most)\(end)</a>") == tooLong)
        }
        #expect(refusal("<a>\n<b\(attributes)/></a>") == tooLong)
        // Text is as long as it likes.
        for (start, end) in [("", ""), ("<![CDATA[", "]]>")] {
            let found = try json("<a>\(start)\(most)\(most)\(most)\(end)</a>")
            #expect(found.utf8.count == 3 * most.utf8.count + 8)
        }
    }

    @Test("nothing is read after an error, so that no limit is passed behind one")
    func afterError() {
        let attributes = (0..<1_200_000).map { " a\($0)=''" }.joined()
        for error in ["<b></c>", "&x;", "<b c=' <'", "<![CDATA[\u{1}", "]]>"] {
            guard case .notXML(line: 2, _) = refusal("<a>\n\(error)<b\(attributes)/></a>") else {
                Issue.record("\(error)")
                continue
            }
        }
    }
}
