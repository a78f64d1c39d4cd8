import Testing

@testable import Projections

@Suite("Refused: columns")
struct DefinitionColumnRefusalTests {
    static let cases = RefusalCase.list(
        #"""
        Big: { type: text, keep: latest }
        => 17:3: found "Big", expected a name such as placed_at, of a to z, 0 to 9 and _, at \#
        most 63 characters
        1a: { type: text, keep: latest }
        => 17:3: found "1a", expected a name such as placed_at, of a to z, 0 to 9 and _, at \#
        most 63 characters
        a-b: { type: text, keep: latest }
        => 17:3: found "a-b", expected a name such as placed_at, of a to z, 0 to 9 and _, at \#
        most 63 characters
        ä: { type: text, keep: latest }
        => 17:3: found "ä", expected a name such as placed_at, of a to z, 0 to 9 and _, at most \#
        63 characters
        a: text
        => 17:6: found "text", expected a mapping
        a: {}
        => 17:6: missing key "type"
        a: { type: text }
        => 17:6: missing key "keep"
        a: { type: txt, keep: latest }
        => 17:14: found "txt", expected "text"
        a: { type: text, keep: lastest }
        => 17:26: found "lastest", expected "latest"
        a: { type: text, keep: sum }
        => 17:26: keep sum does not fit type text, expected one of latest, first, all
        a: { type: money, keep: max }
        => 17:27: keep max does not fit type money, expected one of latest, first, sum
        a: { type: enum, of: [x], keep: max }
        => 17:35: keep max does not fit type enum, expected one of latest, first, furthest, all
        a: { type: text, keep: furthest }
        => 17:26: keep furthest does not fit type text, expected one of latest, first, all
        a: { type: time, keep: sum }
        => 17:26: keep sum does not fit type time, expected one of latest, first, max, min, all
        a: { type: text, keep: count }
        => 17:26: keep count does not fit type text, expected one of latest, first, all
        a: { type: boolean, keep: all }
        => 17:29: keep all does not fit type boolean, expected one of latest, first
        a: { type: money, keep: balance }
        => 17:27: keep balance does not fit type money, expected one of latest, first, sum
        a: { type: time, keep: window }
        => 17:26: keep window does not fit type time, expected one of latest, first, max, min, \#
        all
        a: { type: enum, keep: latest }
        => 17:6: missing key "of"
        a: { type: enum, of: [], keep: latest }
        => 17:24: found 0 words, expected 1 to 256
        a: { type: enum, of: x, keep: latest }
        => 17:24: found "x", expected a list
        a: { type: enum, of: [x, y, x], keep: latest }
        => 17:31: found "x" a second time, expected each word once
        a: { type: enum, of: [x, ~], keep: latest }
        => 17:28: found null, expected a word
        a: { type: enum, of: [[x]], keep: latest }
        => 17:25: found a list, expected a word
        a: { type: text, of: [x], keep: latest }
        => 17:20: found "of" for type text, expected it for type enum only
        a: { type: text, keep: all, by: x }
        => 17:31: keep all does not go with "by", expected one of latest, first, max, min, \#
        furthest, sum, count
        a: { type: integer, keep: balance, by: x }
        => 17:38: keep balance does not go with "by", expected one of latest, first, max, min, \#
        furthest, sum, count
        a: { type: integer, keep: window, by: x }
        => 17:37: keep window does not go with "by", expected one of latest, first, max, min, \#
        furthest, sum, count
        a: { type: text, keep: latest, by: Refund No }
        => 17:38: found "Refund No", expected a name such as placed_at, of a to z, 0 to 9 and \#
        _, at most 63 characters
        a: { type: text, keep: latest, about: [x] }
        => 17:41: found a list, expected a text
        a: { type: text, keep: latest, colour: red }
        => 17:34: unknown key "colour", expected one of type, of, keep, by, last, personal, about
        item: { type: text, keep: latest }
        => 17:3: found "item" a second time, expected it at line 3 only
        now: { type: time, keep: latest }
        => 17:3: found "now", expected another name: now is the moment asked about
        state: { type: text, keep: latest }
        => 17:3: duplicate key "state", first at line 5
        """#
    )

    @Test("each slip is told with its place and what was expected", arguments: cases)
    func refusal(of refused: RefusalCase) {
        let text = Sample.definition(column: refused.fragment)
        #expect(Sample.refusal(of: text) == "p.yaml:\(refused.message)")
    }
}
