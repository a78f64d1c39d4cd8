import Bytes
import Foundation
import Testing

@Suite("Fields of forms")
struct FormFieldsTests {
    private struct Oracle: Decodable {
        struct Case: Decodable {
            let form: String
            let fields: [[String]]
        }

        let cases: [Case]
    }

    private static func fields(_ form: [UInt8]) throws -> [[String]] {
        try FormFields(form.span).fields.map {
            [String(repairing: $0.name.span), String(repairing: $0.value.span)]
        }
    }

    @Test(
        "a form is split and decoded as the WHATWG has it",
        arguments: [
            ("", []),
            ("&", []),
            ("a=1", [["a", "1"]]),
            ("a=1&b=2&a=3", [["a", "1"], ["b", "2"], ["a", "3"]]),
            ("&&a=1&&", [["a", "1"]]),
            ("a", [["a", ""]]),
            ("a=", [["a", ""]]),
            ("=1", [["", "1"]]),
            ("=", [["", ""]]),
            ("a=b=c==", [["a", "b=c=="]]),
            ("a+b=+c+", [["a b", " c "]]),
            ("a%20b%3D=%26%2B%25", [["a b=", "&+%"]]),
            ("a=%e2%82%AC&€=€", [["a", "€"], ["€", "€"]]),
            ("a=%2541&b=%+41&c=%zz%4", [["a", "%41"], ["b", "% 41"], ["c", "%zz%4"]]),
            ("a=%&b=%1&c=%1g%g1", [["a", "%"], ["b", "%1"], ["c", "%1g%g1"]]),
            ("a=%00%0d%0A", [["a", "\0\r\n"]]),
            ("a[b][]=1;c=2", [["a[b][]", "1;c=2"]]),
            (" a = b ", [[" a ", " b "]]),
        ] as [(String, [[String]])]
    )
    func split(form: String, expected: [[String]]) throws {
        #expect(try Self.fields(utf8(form)) == expected)
    }

    @Test("every byte survives encoding, whatever the digits' case")
    func bytes() throws {
        let all = [UInt8](0...255)
        for format in ["%%%02x", "%%%02X"] {
            let form = "a=" + all.map { String(format: format, $0) }.joined()
            let found = try FormFields(form.utf8Span.span).fields
            #expect(found.map(\.value) == [all])
        }
        let plain = all.filter { !utf8("%&+=").contains($0) }
        let found = try FormFields((utf8("a=") + plain).span).fields
        #expect(found.map(\.value) == [plain])
    }

    @Test("random forms are read as Python's parse_qsl reads them")
    func oracle() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/form_fields.json")
        let oracle = try JSONDecoder().decode(Oracle.self, from: Data(contentsOf: file))
        #expect(oracle.cases.count == 250)
        for entry in oracle.cases {
            let found = try FormFields(entry.form.utf8Span.span).fields.map {
                [Hex.encode($0.name.span), Hex.encode($0.value.span)]
            }
            #expect(found == entry.fields, "\(entry.form)")
        }
    }

    @Test("a form has as many fields as the limit and no more")
    func limit() throws {
        let most = utf8(String(repeating: "a=1&&", count: FormFields.limit))
        #expect(try FormFields(most.span).fields.count == FormFields.limit)
        let error = #expect(throws: FormFieldsError.tooManyFields(limit: FormFields.limit)) {
            try FormFields((most + utf8("b")).span)
        }
        #expect(error?.description == "form too large: found more than 10000 fields")
    }
}
