import Testing
import XML

@Suite("Encodings of XML")
struct XMLEncodingTests {
    private static func utf16(_ text: String, mark: Bool, bigEndian: Bool) -> [UInt8] {
        ((mark ? "\u{FEFF}" : "") + text).utf16.flatMap { unit in
            let (high, low) = (UInt8(unit >> 8), UInt8(truncatingIfNeeded: unit))
            return bigEndian ? [high, low] : [low, high]
        }
    }

    private static func declared(_ name: String, _ text: [UInt8]) -> [UInt8] {
        Array("<?xml version='1.0' encoding='\(name)'?><a>".utf8) + text + Array("</a>".utf8)
    }

    @Test(
        "a byte is a character in the encoding that is declared",
        arguments: [
            ("ISO-8859-1", "é"), ("iso-8859-1", "é"), ("ISO-8859-7", "ι"), ("windows-1253", "ι"),
            ("ISO-8859-15", "é"), ("Windows-1252", "é"),
        ]
    )
    func singleByte(name: String, character: String) throws {
        #expect(try json(Self.declared(name, [0xE9])) == "{\"a\":\"\(character)\"}")
    }

    @Test("UTF-8 is read with and without declaration and mark", arguments: ["UTF-8", "utf-8"])
    func utf8(name: String) throws {
        let text = Array("ß漢😂".utf8)
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let expected = #"{"a":"ß漢😂"}"#
        #expect(try json(Self.declared(name, text)) == expected)
        #expect(try json(mark + Self.declared(name, text)) == expected)
        #expect(try json(Array("<a>".utf8) + text + Array("</a>".utf8)) == expected)
        #expect(try json(Array("<?xml version=\"1.0\"?><a>ß漢😂</a>".utf8)) == expected)
        // The mark says more than the declaration does.
        #expect(try json(mark + Self.declared("ISO-8859-1", text)) == expected)
    }

    @Test("UTF-16 is read in either byte order", arguments: [true, false], ["utf-16", "UTF-8"])
    func utf16(bigEndian: Bool, name: String) throws {
        let text = "<?xml version='1.0' encoding='\(name)'?>\n<a b='é'>漢😂</a>\n"
        for mark in [true, false] {
            let document = Self.utf16(text, mark: mark, bigEndian: bigEndian)
            #expect(try json(document) == ##"{"a":{"@b":"é","#text":"漢😂"}}"##)
        }
        let bare = Self.utf16("<a>é</a>", mark: true, bigEndian: bigEndian)
        #expect(try json(bare) == #"{"a":"é"}"#)
    }

    @Test(
        "encodings that no provider needs are refused by name",
        arguments: ["UTF-7", "ISO-2022-JP", "EBCDIC-CP-US", "UCS-4", "UTF-16", "HTML", "x", ""]
    )
    func refused(name: String) {
        #expect(refusal(Self.declared(name, [])) == .encoding(name: name))
    }

    @Test("only the declaration tells the encoding")
    func notDeclared() throws {
        let expected = #"{"a":"é"}"#
        #expect(try json("<?xml-stylesheet encoding='x'?><a>é</a>") == expected)
        #expect(try json("<!-- <?xml encoding='x'?> --><a>é</a>") == expected)
        #expect(try json("<?xml version='1.0'\n standalone='yes' ?><a>é</a>") == expected)
        let spaced = "<?xml\tversion = '1.0' encoding\n=\n\"ISO-8859-1\" ?><a>"
        #expect(try json(Array(spaced.utf8) + [0xE9] + Array("</a>".utf8)) == expected)
    }

    @Test("a long name of an encoding is cut")
    func longName() {
        let name = String(repeating: "x", count: 200)
        let cut = String(repeating: "x", count: 120) + "…"
        #expect(refusal(Self.declared(name, [])) == .encoding(name: cut))
    }

    @Test("UCS-4 and other text with zeros is refused")
    func zeros() {
        for document: [UInt8] in [[0, 0, 0, 0x3C], [0x3C, 0, 0, 0], [0, 0x3C, 0, 0x61], [0]] {
            #expect(refusal(document) == .encoding(name: "unknown"))
        }
    }

    @Test(
        "bytes that are not UTF-8 are refused with their line",
        arguments: [
            [0xE9], [0x80], [0xC1, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xFF], [0xC3],
        ] as [[UInt8]]
    )
    func notUTF8(bytes: [UInt8]) {
        let reason = "found bytes that are not UTF-8"
        for place in ["<a>\n\n", "<a b='\n\n", "<a/><!--\n\n", "<\n\n"] {
            let found = refusal(Array(place.utf8) + bytes + Array("' x".utf8))
            #expect(found == .notXML(line: 3, reason: reason))
        }
    }

    @Test("UTF-16 with half a surrogate pair or half a character is refused")
    func brokenUTF16() {
        for unit: [UInt8] in [[0x00, 0xD8], [0x00, 0xDC], [0x00, 0xDC, 0x00, 0xD8]] {
            let text = Self.utf16("<a>", mark: true, bigEndian: false) + unit
            let document = text + Self.utf16("</a>", mark: false, bigEndian: false)
            guard case .notXML = refusal(document) else {
                Issue.record("\(unit): \(String(describing: refusal(document)))")
                continue
            }
        }
        let odd = Self.utf16("<a/>", mark: true, bigEndian: true) + [0x00]
        let reason = "found half a character of UTF-16 at the end"
        #expect(refusal(odd) == .notXML(line: 1, reason: reason))
    }
}
