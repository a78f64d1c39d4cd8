import JSON
import Testing

@testable import Projections

@Suite("The schema of definitions")
struct DefinitionSchemaTests {
    /// Each kind of mapping: where its properties are in the schema, the reader's keys, and a
    /// definition with one unknown key in it.
    struct Kind: Sendable, CustomTestStringConvertible {
        let pointer: String
        let keys: [String]
        let probe: String

        var testDescription: String { pointer }
    }

    private static let unknown = "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"

    static let kinds: [Kind] = [
        Kind(
            pointer: "/properties",
            keys: DefinitionKeys.definition.names,
            probe: "\(unknown): 1"
        ),
        Kind(
            pointer: "/$defs/column/properties",
            keys: DefinitionKeys.column.names,
            probe: Sample.definition(column: "c: { \(unknown): 1 }")
        ),
        Kind(
            pointer: "/$defs/rule/properties",
            keys: DefinitionKeys.rule.names,
            probe: Sample.definition(rule: "{ \(unknown): 1 }")
        ),
        Kind(
            pointer: "/$defs/from/properties",
            keys: DefinitionKeys.from.names,
            probe: Sample.definition(rule: "{ from: { \(unknown): 1 } }")
        ),
        Kind(
            pointer: "/$defs/moment/anyOf/1/properties",
            keys: DefinitionKeys.moment.names,
            probe: Sample.definition(
                rule: #"{ from: { type: a }, key: "{/i}", link: "p:{/p}", at: { \#(unknown): 1 } }"#
            )
        ),
        Kind(
            pointer: "/$defs/choice/properties",
            keys: DefinitionKeys.choice.names,
            probe: Sample.definition(setting: "note: { \(unknown): 1 }")
        ),
        Kind(
            pointer: "/$defs/currency/anyOf/1/properties",
            keys: DefinitionKeys.currency.names,
            probe: Sample.definition(setting: "paid: { from: /x, currency: { \(unknown): 1 } }")
        ),
        Kind(
            pointer: "/$defs/money/properties",
            keys: DefinitionKeys.money.names,
            probe: Sample.definition(setting: "paid: { is: { \(unknown): 1 } }")
        ),
        Kind(
            pointer: "/$defs/comparison/properties",
            keys: DefinitionKeys.comparison.names,
            probe: Sample.definition(
                setting: "note: { when: { /x: { \(unknown): 1 } }, from: /x }"
            )
        ),
        Kind(
            pointer: "/$defs/comparison/properties",
            keys: DefinitionKeys.comparison.names,
            probe: Sample.definition(derive: "a: [{ when: { size: { \(unknown): 1 } }, is: x }]")
        ),
        Kind(
            pointer: "/$defs/operation/properties",
            keys: DefinitionKeys.derivation.names,
            probe: Sample.definition(derive: "a: { \(unknown): 1 }")
        ),
        Kind(
            pointer: "/$defs/derivedChoice/properties",
            keys: DefinitionKeys.derivedChoice.names,
            probe: Sample.definition(derive: "a: [{ \(unknown): 1 }]")
        ),
    ]

    private func withSchema(_ body: (JSONValue) throws -> Void) throws {
        let bytes = Array(DefinitionSchema.text.utf8)
        var parser = JSONParser()
        try body(try parser.parse(bytes.span))
    }

    private func names(at pointer: String) throws -> [String] {
        var names: [String] = []
        try withSchema { root in
            root.at(try JSONPointer(pointer))?.forEachMember { names.append($0.name) }
        }
        return names
    }

    @Test("the schema's keys are those that the reader accepts", arguments: kinds)
    func keys(kind: Kind) throws {
        #expect(try names(at: kind.pointer) == kind.keys.sorted())
        let refusal = try #require(Sample.refusal(of: kind.probe))
        let listed = try #require(refusal.split(separator: ", expected ", maxSplits: 1).last)
        #expect(refusal.contains("unknown key \"\(Self.unknown)\""))
        let accepted =
            listed.hasPrefix("one of ")
            ? listed.dropFirst(7).split(separator: ", ") : [listed.dropFirst().dropLast()]
        #expect(accepted.map(String.init) == kind.keys)
    }

    @Test("every mapping of the schema that is closed is one of the reader's")
    func closed() throws {
        var pointers: [String] = []
        try withSchema { root in
            Self.walk(root, "") { value, pointer in
                if value.member("additionalProperties")?.bool == false {
                    pointers.append("\(pointer)/properties")
                }
            }
        }
        #expect(Set(pointers) == Set(Self.kinds.map(\.pointer)))
    }

    @Test("every part that the schema refers to is defined, and every part is used")
    func references() throws {
        var used: Set<String> = []
        try withSchema { root in
            Self.walk(root, "") { value, _ in
                if let reference = value.member("$ref")?.string {
                    used.insert(String(reference.dropFirst("#/$defs/".count)))
                }
            }
        }
        #expect(used == Set(try names(at: "/$defs")))
    }

    @Test("every key has a description")
    func descriptions() throws {
        try withSchema { root in
            for kind in Self.kinds {
                for key in kind.keys {
                    let pointer = try JSONPointer("\(kind.pointer)/\(key)/description")
                    #expect(root.at(pointer)?.string?.hasSuffix(".") == true, "\(kind) \(key)")
                }
            }
            let draft = "https://json-schema.org/draft/2020-12/schema"
            #expect(root.member("$schema")?.string == draft)
        }
    }

    @Test("the words are those of the model")
    func words() throws {
        #expect(DefinitionKeys.comparison.names == Comparison.allCases.map(\.rawValue))
        #expect(DefinitionKeys.from.names == EventAttribute.allCases.map(\.rawValue))
        let kinds = DefinitionKeys.valueKinds + DefinitionKeys.sourceOptions
        #expect(Set(kinds + ["by", "when", "width"]) == Set(DefinitionKeys.choice.names))
        let operations = DefinitionKeys.operations + DefinitionKeys.operationOptions
        #expect(operations == DefinitionKeys.derivation.names)
        let options = DefinitionKeys.operations.flatMap { DefinitionKeys.options(of: $0) }
        #expect(Set(options) == Set(DefinitionKeys.operationOptions))
    }

    private static func walk(
        _ value: JSONValue,
        _ pointer: String,
        _ visit: (JSONValue, String) -> Void
    ) {
        visit(value, pointer)
        value.forEachMember { walk($0.value, "\(pointer)/\($0.name)", visit) }
        var place = 0
        value.forEachElement {
            walk($0, "\(pointer)/\(place)", visit)
            place += 1
        }
    }
}
