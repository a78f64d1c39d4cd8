import Testing

@testable import Projections

@Suite("Derived columns of a definition")
struct DefinitionDerivationTests {
    private func rule(_ text: String) throws -> DerivationRule {
        let definition = try Sample.read(Sample.definition(derive: text))
        return try #require(definition.derivations.last).rule
    }

    private func choices(_ text: String) throws -> [DerivedChoice] {
        guard case .choices(let choices) = try rule(text) else { return [] }
        return choices
    }

    @Test("operations name stored columns and those derived before")
    func operations() throws {
        guard case .sum(let sum) = try rule("a: { sum: [size, times] }"),
            case .subtract(let difference) = try rule(
                "a: { sum: [paid] }\n  b: { subtract: [a, paid] }"
            )
        else { Issue.record("another operation"); return }
        #expect(sum == [.stored(4), .stored(8)])
        #expect(difference == [.derived(0), .stored(5)])
    }

    @Test("windows have a peak, its place, and how often they reached a share")
    func windows() throws {
        guard case .peak(10) = try rule("a: { peak: calls }"),
            case .peakAt(10) = try rule("a: { peak_at: calls }"),
            case .reached(10, .stored(4), .number(80)) = try rule(
                "a: { reached: calls, of: size, percent: 80 }"
            ),
            case .reached(10, .stored(4), .column(.derived(0))) = try rule(
                "p: { sum: [size] }\n  a: { reached: calls, of: size, percent: p }"
            )
        else { Issue.record("another operation"); return }
    }

    @Test("choices have conditions, and values of one type")
    func values() throws {
        let texts = try choices("a: [{ when: { state: open }, is: x }, { as: note }]")
        #expect(texts.map(\.value) == [.text("x"), .column(.stored(2))])
        #expect(try choices("a: [{ is: 7 }]").map(\.value) == [.integer(7)])
        #expect(try choices("a: [{ is: \"7\" }]").map(\.value) == [.text("7")])
        #expect(try choices("a: [{ is: true }]").map(\.value) == [.boolean(true)])
        let columns = try choices("a: [{ when: { seen: present }, as: size }, { is: 0 }]")
        #expect(columns.map(\.value) == [.column(.stored(4)), .integer(0)])
    }

    @Test(
        "conditions ask whether a column is there, which value it has, how it compares",
        arguments: [
            ("state: present", "present"), ("tags: absent", "absent"),
            ("refunds: present", "present"), ("state: closed", #"isOne(["closed"])"#),
            ("state: [closed, lost]", #"isOne(["closed", "lost"])"#),
            ("note: \"absent\"", #"isOne(["absent"])"#), ("size: [1, -2]", #"isOne(["1", "-2"])"#),
            ("live: true", #"isOne(["true"])"#), ("size: { gt: 5 }", "gt, 5"),
            ("size: { lte: times }", "lte, stored(8)"), ("calls: { gte: size }", "gte, stored(4)"),
            ("seen: { lt: now }", "lt, now"), ("seen: { lt: seen }", "lt, stored(6)"),
            ("seen: { gte: 1970-01-01T00:00:01Z }", "gte, 1000000"),
            ("paid: { gt: paid }", "gt, stored(5)"),
        ]
    )
    func conditions(condition: String, found: String) throws {
        let choice = try #require(try choices("a: [{ when: { \(condition) }, is: x }]").first)
        let test = try #require(choice.when.first?.test)
        let text =
            switch test {
            case .compares(let comparison, .integer(let number)),
                .compares(let comparison, .time(let number)):
                "\(comparison.rawValue), \(number)"
            case .compares(let comparison, .column(.stored(let place))):
                "\(comparison.rawValue), stored(\(place))"
            case .compares(let comparison, let operand): "\(comparison.rawValue), \(operand)"
            default: "\(test)"
            }
        #expect(text == found)
    }

    @Test("a derived column's words are known to those after it")
    func words() throws {
        let first = "a: [{ when: { live: true }, is: x }, { as: state }]\n  b: "
        #expect(try choices("\(first)[{ when: { a: [x, lost] }, is: 1 }]").count == 1)
        let refusal = Sample.refusal(
            of: Sample.definition(derive: "\(first)[{ when: { a: lst }, is: 1 }]")
        )
        #expect(refusal == "p.yaml:19:20: found \"lst\", expected \"lost\"")
    }
}
