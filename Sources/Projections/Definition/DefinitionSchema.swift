/// The JSON Schema of definitions, for editors; made of the keys that the reader accepts.
///
/// It knows forms, not meaning: whether a column exists or a word is one of an enum, the reader
/// says.
package enum DefinitionSchema {
    /// The schema (JSON Schema, draft 2020-12) as JSON.
    package static var text: String {
        String(decoding: tree.bytes, as: UTF8.self)
    }

    private static var tree: CanonicalTree {
        let head: CanonicalTree = [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "A projection of Daybook",
            "$defs": .object(names + mappings.map { .init(key: $0.name, value: $0.form) }),
        ]
        return head.adding(.mapping(of: DefinitionKeys.definition))
    }

    private static var names: [CanonicalTree.Member] {
        let forms: CanonicalTree = [
            "projectionName": .name("^[a-z][a-z0-9-]*$"),
            "columnName": .name(columnPattern),
            "freeText": ["type": "string"],
            "scalar": ["type": ["string", "number", "boolean"]],
            "path": [
                "type": "string", "pattern": .text(pathPattern), "description": .text(pathForms),
            ],
            "template": ["type": "string", "minLength": 1],
            "currencyCode": ["type": "string", "pattern": "^[A-Z]{3}$"],
            "duration": ["type": "string", "pattern": "^[1-9][0-9]*[smhd]$"],
            "operand": ["type": ["integer", "string"]],
            "percent": ["anyOf": [.integer(in: 1...100), .ref("columnName")]],
            "literal": ["anyOf": [.ref("scalar"), .ref("money")]],
            "test": [
                "anyOf": [
                    .ref("scalar"), .list(of: .ref("scalar"), DefinitionLimits.wordCount),
                    .ref("comparison"),
                ]
            ],
        ]
        guard case .object(let members) = forms else { return [] }
        return members
    }

    private static var mappings: [(name: String, form: CanonicalTree)] {
        typealias Keys = DefinitionKeys
        let limits = DefinitionLimits.self
        return [
            ("columns", .named(columnPattern, .ref("column"), limits.columnCount)),
            ("column", .mapping(of: Keys.column)),
            ("derive", .named(columnPattern, .ref("derivation"), limits.columnCount)),
            (
                "derivation",
                [
                    "anyOf": [
                        .list(of: .ref("derivedChoice"), limits.choiceCount), .ref("operation"),
                    ]
                ]
            ),
            ("operation", .mapping(of: Keys.derivation, oneOf: Keys.operations)),
            ("derivedChoice", .mapping(of: Keys.derivedChoice, oneOf: ["is", "as"])),
            ("derivedWhen", .named(columnPattern, .ref("test"), limits.conditionCount)),
            ("rule", .mapping(of: Keys.rule, anyOf: ["set", "link"])),
            ("from", CanonicalTree.mapping(of: Keys.from).adding(["minProperties": 1])),
            ("when", .named(pathPattern, .ref("test"), limits.conditionCount)),
            ("comparison", CanonicalTree.mapping(of: Keys.comparison).adding(["minProperties": 1])),
            ("moment", ["anyOf": [.ref("path"), .mapping(of: Keys.moment)]]),
            ("set", .named(columnPattern, .ref("setting"), limits.columnCount)),
            (
                "setting",
                [
                    "anyOf": [
                        .ref("path"), .ref("choice"), .list(of: .ref("choice"), limits.choiceCount),
                    ]
                ]
            ),
            ("choice", .mapping(of: Keys.choice, oneOf: Keys.valueKinds)),
            ("map", .named("^", .ref("literal"), limits.mapCount)),
            ("currency", ["anyOf": [.ref("path"), .mapping(of: Keys.currency)]]),
            ("money", .mapping(of: Keys.money)),
        ]
    }

    private static let columnPattern = "^[a-z][a-z0-9_]*$"
    private static let pathForms =
        "/POINTER: a place in the content (JSON, a form or XML), or in an event's own part of it "
        + "where a request carries several events; @NAME: an attribute of the event; "
        + "header:NAME: a header of the request; request:/POINTER: a place in the whole request; "
        + "response:/POINTER: a place in a call's response; each: under each, the element itself, "
        + "where the list is one of texts or numbers."
    private static let pathPattern = "^(/|@[a-z]|header:.|request:/|response:/|each$)"
}

/// Pieces of a schema.
extension CanonicalTree {
    /// A part that is defined once under `$defs`.
    static func ref(_ name: String) -> CanonicalTree { ["$ref": .text("#/$defs/\(name)")] }

    static func words(_ words: [String]) -> CanonicalTree { ["enum": .texts(words)] }

    static func integer(in range: ClosedRange<Int>) -> CanonicalTree {
        [
            "type": "integer", "minimum": .integer(Int64(range.lowerBound)),
            "maximum": .integer(Int64(range.upperBound)),
        ]
    }

    static func list(of form: CanonicalTree, _ count: Int) -> CanonicalTree {
        ["type": "array", "items": form, "minItems": 1, "maxItems": .integer(Int64(count))]
    }

    static func oneOrMore(of form: CanonicalTree, _ count: Int) -> CanonicalTree {
        ["anyOf": [form, .list(of: form, count)]]
    }

    fileprivate static func name(_ pattern: String) -> CanonicalTree {
        [
            "type": "string", "pattern": .text(pattern),
            "maxLength": .integer(Int64(DefinitionLimits.nameLength)),
        ]
    }

    /// A mapping with keys of the writer's choice.
    fileprivate static func named(
        _ pattern: String,
        _ form: CanonicalTree,
        _ count: Int
    ) -> CanonicalTree {
        [
            "type": "object", "propertyNames": ["pattern": .text(pattern)],
            "additionalProperties": form, "minProperties": 1,
            "maxProperties": .integer(Int64(count)),
        ]
    }

    /// A mapping with none but these keys.
    fileprivate static func mapping(of keys: [DefinitionKey]) -> CanonicalTree {
        let properties = keys.map { key in
            Member(key: key.name, value: key.form.adding(["description": .text(key.about)]))
        }
        let required = keys.filter(\.isRequired).names
        return [
            "type": "object", "additionalProperties": false, "properties": .object(properties),
            "required": .texts(required),
        ]
    }

    /// A mapping with none but these keys, of which it has exactly one of some.
    fileprivate static func mapping(
        of keys: [DefinitionKey],
        oneOf kinds: [String]
    ) -> CanonicalTree {
        mapping(of: keys).adding(["oneOf": .list(kinds.map { ["required": [.text($0)]] })])
    }

    /// A mapping with none but these keys, of which it has at least one of some.
    fileprivate static func mapping(
        of keys: [DefinitionKey],
        anyOf kinds: [String]
    ) -> CanonicalTree {
        mapping(of: keys).adding(["anyOf": .list(kinds.map { ["required": [.text($0)]] })])
    }
}
