import Bytes
import Foundation
import Testing

@Suite("Base64")
struct Base64Tests {
    @Test(
        "the vectors of RFC 4648 section 10 hold",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ]
    )
    func vectors(plain: String, encoded: String) {
        #expect(Base64.encode(plain.utf8Span.span) == encoded)
        #expect(text { Base64.append(plain.utf8Span.span, to: &$0) } == encoded)
        #expect(Base64.decode(encoded.utf8Span.span) == utf8(plain))
        let bare = encoded.replacingOccurrences(of: "=", with: "")
        #expect(Base64.decode(bare.utf8Span.span, padding: .optional) == utf8(plain))
        #expect((Base64.decode(bare.utf8Span.span) != nil) == (bare == encoded))
    }

    @Test("random bytes encode as Foundation does and come back")
    func oracle() {
        var chance = SeededGenerator(seed: 2)
        for count in 0...200 {
            let bytes = chance.bytes(count)
            let encoded = Data(bytes).base64EncodedString()
            #expect(Base64.encode(bytes.span) == encoded)
            #expect(Base64.decode(encoded.utf8Span.span) == bytes)
            let url = encoded.replacingOccurrences(of: "+", with: "-")
                .replacingOccurrences(of: "/", with: "_")
            #expect(Base64.decode(url.utf8Span.span, alphabet: .url) == bytes)
        }
    }

    @Test("of all texts of one group, exactly those that encoding yields are read")
    func oneTextPerValue() {
        let characters = utf8("AQgwz089+/=- ")
        for a in characters {
            for b in characters {
                for c in characters {
                    for d in characters {
                        let group = [a, b, c, d]
                        let bytes = Base64.decode(group.span)
                        let again = bytes.map { Base64.encode($0.span) }
                        #expect(again == nil || again == String(decoding: group, as: UTF8.self))
                        let data = Data(base64Encoded: Data(group)).map { [UInt8]($0) }
                        if let data, Data(data).base64EncodedData() == Data(group) {
                            #expect(bytes == data)
                        } else {
                            #expect(bytes == nil)
                        }
                    }
                }
            }
        }
    }

    @Test(
        "wrong padding is refused even where padding is optional",
        arguments: [
            "Zg=", "Zg===", "=", "==", "====", "Zm9v=", "Zm9v==", "Zm9v====", "Z", "Zm9vZ",
            "Zg==Zg==",
        ]
    )
    func wrongPadding(text: String) {
        #expect(Base64.decode(text.utf8Span.span, padding: .optional) == nil)
        #expect(Base64.decode(text.utf8Span.span, padding: .required) == nil)
    }

    @Test("the two alphabets do not mix")
    func alphabets() {
        #expect(Base64.decode("-_-_".utf8Span.span) == nil)
        #expect(Base64.decode("+/+/".utf8Span.span, alphabet: .url) == nil)
        #expect(Base64.decode("-_-_".utf8Span.span, alphabet: .url) == [0xfb, 0xff, 0xbf])
    }
}
