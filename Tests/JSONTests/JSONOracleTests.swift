import DaybookTesting
import Foundation
import JSON
import Testing

@Suite("Agreement with Foundation")
struct JSONOracleTests {
    @Test("random documents read as JSONSerialization reads them", arguments: 0..<20)
    func documents(seed: UInt64) throws {
        var parser = JSONParser()
        var writer = RandomJSON(generator: SeededChance(seed: seed))
        for _ in 0..<100 {
            let text = writer.document()
            let data = Data(text.utf8)
            let expected = try JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
            let found = Tree(try parser.parse(text.utf8Span.span))
            #expect(found.isClose(to: Tree(expected)), "seed \(seed): \(text)")
        }
    }

    @Test("damaged documents are refused by both or read by both", arguments: 0..<20)
    func damaged(seed: UInt64) throws {
        var parser = JSONParser()
        var writer = RandomJSON(generator: SeededChance(seed: seed &+ 1000))
        for _ in 0..<200 {
            let bytes = writer.damaged(Array(writer.document().utf8))
            var refusal: JSONError?
            do throws(JSONError) { _ = try parser.parse(bytes.span) } catch { refusal = error }
            // The parser's two readers agree: this is what it says when they do not.
            #expect(refusal != .notJSON(offset: 0, found: nil, expected: .value), "\(bytes)")
            guard refusal == nil else { continue }
            let data = Data(bytes)
            let read = try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
            #expect(read != nil, "seed \(seed): \(bytes)")
        }
    }
}
