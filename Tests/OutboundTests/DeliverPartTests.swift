import DaybookTesting
import Foundation
import Outbound
import Testing

/// Parts of a request, found in its text as they are written.
@Suite struct DeliverPartTests {
    private func find(_ pointer: String, in text: String) -> String? {
        let bytes = Array(text.utf8)
        return JSONPart.find(pointer, in: bytes.span).map {
            String(decoding: bytes[$0], as: UTF8.self)
        }
    }

    @Test(
        "a pointer leads to the bytes as they are written",
        arguments: [
            ("", "1.50", "1.50"), ("", " [ 1 ] ", "[ 1 ]"), ("/0", "[ 1 , 2]", "1"),
            ("/1", "[ 1 , 2]", "2"), ("/a", #"{"b":{"a":1},"a" : "x\"y" }"#, #""x\"y""#),
            ("/a/1/b", #"{"a":[[],{"b":1e5}]}"#, "1e5"), ("/é", #"{"\u00e9":null}"#, "null"),
            ("/a~1b~0", #"{"a/b~":{"x":[{}]}}"#, #"{"x":[{}]}"#), ("/", #"{"":true}"#, "true"),
            ("/a", #"{"a":1,"a":2}"#, "1"), ("/b", #"{"a":"}],{","b":2}"#, "2"),
        ]
    )
    func found(pointer: String, text: String, expected: String) {
        #expect(find(pointer, in: text) == expected)
    }

    @Test(
        "a pointer that leads nowhere finds nothing",
        arguments: [
            ("a", "{}"), ("/a", "{}"), ("/0", "[]"), ("/2", "[1,2]"), ("/-", "[1]"),
            ("/01", "[1,2]"), ("/-1", "[1]"), ("/99999999999999999999999", "[1]"), ("/a", "[1]"),
            ("/0", #"{"a":1}"#), ("/a/b", #"{"a":1}"#), ("/0/0", "[1]"), ("", ""), ("/a", ""),
            ("/a", #"{"a""#), ("/a", #"{"a":"#), ("/a", #"{"a"#), ("/a", #"{"a\"#),
            ("/a", #"{"a":"x"#), ("/a", #"{"a":[1"#), ("/0", "[,]"), ("/1", "[1"), ("/a", "{a:1}"),
        ]
    )
    func missing(pointer: String, text: String) {
        #expect(find(pointer, in: text) == nil)
    }

    /// A random value, and the pointers of all that is in it.
    private func value(
        _ chance: inout SeededChance,
        _ depth: Int,
        _ path: String,
        _ pointers: inout [String]
    ) -> Any {
        pointers.append(path)
        switch Int.random(in: 0..<(depth > 0 ? 5 : 3), using: &chance) {
        case 0: return Int.random(in: -9...9, using: &chance)
        case 1:
            return ["", "\"", "\\", "]}", "é😀", "a,b:c", "\n"].randomElement(using: &chance) ?? ""
        case 2: return NSNull()
        case 3:
            return (0..<Int.random(in: 0...4, using: &chance)).map { place in
                value(&chance, depth - 1, "\(path)/\(place)", &pointers)
            }
        default:
            let names = ["a", "b/c", "~", "é", "", "q\"", "{"].shuffled(using: &chance)
            var object: [String: Any] = [:]
            for name in names.prefix(Int.random(in: 0...4, using: &chance)) {
                let step = name.replacingOccurrences(of: "~", with: "~0")
                    .replacingOccurrences(of: "/", with: "~1")
                object[name] = value(&chance, depth - 1, "\(path)/\(step)", &pointers)
            }
            return object
        }
    }

    private func look(_ pointer: String, in value: Any) -> Any? {
        var value: Any? = value
        for step in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let name = step.replacingOccurrences(of: "~1", with: "/")
                .replacingOccurrences(of: "~0", with: "~")
            if let list = value as? [Any] {
                value = Int(name).map { list[$0] }
            } else {
                value = (value as? [String: Any])?[name]
            }
        }
        return value
    }

    private func plain(_ value: Any) throws -> Data {
        try JSONSerialization.data(
            withJSONObject: value,
            options: [.fragmentsAllowed, .sortedKeys]
        )
    }

    @Test("in any document each pointer finds what another reader finds, and cut texts do no harm")
    func any() throws {
        var chance = SeededChance(seed: 11)
        for round in 0..<300 {
            var pointers: [String] = []
            let document = value(&chance, 4, "", &pointers)
            let options: JSONSerialization.WritingOptions =
                round % 2 == 0 ? [.fragmentsAllowed] : [.fragmentsAllowed, .prettyPrinted]
            let text = try JSONSerialization.data(withJSONObject: document, options: options)
            let bytes = Array(text)
            for pointer in pointers {
                guard let range = JSONPart.find(pointer, in: bytes.span),
                    let expected = look(pointer, in: document)
                else {
                    Issue.record("nothing at \(pointer)")
                    continue
                }
                let found = try JSONSerialization.jsonObject(
                    with: Data(bytes[range]),
                    options: .fragmentsAllowed
                )
                #expect(try plain(found) == plain(expected), "\(pointer)")
            }
            let cut = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &chance)))
            for pointer in pointers { _ = JSONPart.find(pointer, in: cut.span) }
        }
    }
}
