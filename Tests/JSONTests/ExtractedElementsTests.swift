import JSON
import Testing

@Suite("Extraction from each element")
struct ExtractedElementsTests {
    static func text(_ string: String) -> Found { .string(Array(string.utf8)) }

    @Test("each element has its values")
    func objects() throws {
        let document = #"""
            {"lines":[{"sku":"A","n":1},{"n":2, "x":[{"sku":"no"}]} , {"sku":"\u0042","sku":"C"},{},7],
             "sku":"D"}
            """#
        let found = try extractedEach(document, "/lines", "/sku", "/n", "/x/0/sku")
        #expect(
            found == [
                [Self.text("A"), .number(1), .missing], [.missing, .number(2), Self.text("no")],
                [Self.text("B"), .missing, .missing], [.missing, .missing, .missing],
                [.missing, .missing, .missing],
            ]
        )
    }

    @Test("the empty path means the element, of any kind")
    func whole() throws {
        let found = try extractedEach(#"{"a":["x","\n",1, null,[2],{}]}"#, "/a", "")
        #expect(
            found == [
                [Self.text("x")], [Self.text("\n")], [.number(1)], [.null], [.array], [.object],
            ]
        )
    }

    @Test("there are no elements in an empty array, in any other kind, and where nothing is")
    func none() throws {
        #expect(try extractedEach(#"{"a":[]}"#, "/a", "") == [])
        #expect(try extractedEach(#"{"a":[ ],"b":[1]}"#, "/a", "") == [])
        #expect(try extractedEach(#"{"a":{"0":1}}"#, "/a", "") == [])
        #expect(try extractedEach(#"{"a":"[1]"}"#, "/a", "") == [])
        #expect(try extractedEach("{}", "/a", "") == [])
    }

    @Test("the array may be the document, lie within others, or be passed through by paths")
    func places() throws {
        #expect(try extractedEach("[1,2]", "", "") == [[.number(1)], [.number(2)]])
        #expect(try extractedEach("[[0],[1,2]]", "/1", "") == [[.number(1)], [.number(2)]])
        var extractor = JSONExtractor()
        let paths = try JSONPaths(pointers(["/a/1/b", "/a", "/c"]))
        let elementPaths = try JSONPaths(pointers(["/b"]))
        let bytes = Array(#"{"a":[{"b":1},{"b":2}],"c":3}"#.utf8)
        var extraction = try extractor.extract(bytes.span, paths)
        let elements = try extraction.each(1, elementPaths, limit: 2)
        #expect(elements.count == 2)
        #expect(elements[0].all == [.number(1)])
        #expect(elements[1].all == [.number(2)])
    }

    @Test("an array with more elements than the limit is refused, one at the limit is not")
    func limit() throws {
        #expect(try extractedEach("[1,2,3]", "", "", limit: 3).count == 3)
        #expect(throws: JSONExtractionError.tooManyElements(limit: 2)) {
            try extractedEach("[1,2,3]", "", "", limit: 2)
        }
        #expect(try extractedEach("[]", "", "", limit: 0) == [])
        #expect(throws: JSONExtractionError.tooManyElements(limit: 0)) {
            try extractedEach("[1]", "", "", limit: 0)
        }
        let message = "JSON array too long: found more than 2 elements, expected at most 2"
        #expect(JSONExtractionError.tooManyElements(limit: 2).description == message)
    }

    @Test("many elements are all kept, with their strings")
    func many() throws {
        let elements = (0..<5000).map { #"{"a":"\u0041\#($0)","b":\#($0)}"# }
        let document = "[\(elements.joined(separator: ","))]"
        let found = try extractedEach(document, "", "/b", "/a", limit: 5000)
        #expect(found == (0..<5000).map { [.number(Double($0)), Self.text("A\($0)")] })
    }

    @Test("an array that is broken behind what was read is refused")
    func broken() throws {
        for document in ["[1,]", "[1 2]", "[1,2", "[{\"a\":1]", "[1}", "[tru]", "[,]"] {
            let text = "{\"a\":\(document)}"
            #expect(throws: JSONExtractionError.notJSON, "\(text)") {
                try extractedEach(text, "/a", "", "/a")
            }
        }
    }

    @Test("a document's values stay what they were while its arrays are read")
    func values() throws {
        var extractor = JSONExtractor()
        let paths = try JSONPaths(pointers(["/a", "/b", "/c"]))
        let first = try JSONPaths(pointers([""]))
        let second = try JSONPaths(pointers(["", "/x"]))
        let bytes = Array(
            #"{"a":"\u0041","b":["\u0042","\u0043"],"c":["\u0044",{"x":"\u0045"}]}"#.utf8
        )
        var extraction = try extractor.extract(bytes.span, paths)
        let values = extraction.values
        for _ in 0..<3 {
            do {
                let elements = try extraction.each(1, first, limit: 9)
                #expect(elements[1].all == [Self.text("C")])
            }
            do {
                let elements = try extraction.each(2, second, limit: 9)
                #expect(elements[0].all == [Self.text("D"), .missing])
                #expect(elements[1].all == [.object, Self.text("E")])
            }
            #expect(values.all == [Self.text("A"), .array, .array])
        }
    }
}
