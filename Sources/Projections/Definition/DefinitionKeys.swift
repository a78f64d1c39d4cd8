/// A key of a mapping: the reader accepts it, and the schema tells editors about it.
struct DefinitionKey: Sendable {
    let name: String
    let about: String
    /// What the schema says of the value.
    let form: CanonicalTree
    let isRequired: Bool

    init(_ name: String, _ about: String, _ form: CanonicalTree, isRequired: Bool = false) {
        self.name = name
        self.about = about
        self.form = form
        self.isRequired = isRequired
    }
}

extension [DefinitionKey] {
    /// The keys' names.
    var names: [String] { map(\.name) }
}

/// The keys of each kind of mapping.
enum DefinitionKeys {
    static let definition: [DefinitionKey] = [
        .init("projection", "The projection's name.", .ref("projectionName"), isRequired: true),
        .init(
            "version",
            "Raised with every change.",
            .integer(in: DefinitionLimits.versions),
            isRequired: true
        ),
        .init("about", "What the projection says, in a sentence.", .ref("freeText")),
        .init("key", "The name of the key column.", .ref("columnName"), isRequired: true),
        .init(
            "columns",
            "The stored columns, in the order they are shown.",
            .ref("columns"),
            isRequired: true
        ),
        .init("derive", "Columns worked out from others when rows are shown.", .ref("derive")),
        .init(
            "events",
            "The rules: what events of each kind say.",
            .list(of: .ref("rule"), DefinitionLimits.ruleCount),
            isRequired: true
        ),
    ]

    static let column: [DefinitionKey] = [
        .init("type", "What the values are.", .words(ColumnType.words), isRequired: true),
        .init(
            "of",
            "The words of an enum, in order; furthest goes by it.",
            .list(of: .ref("scalar"), DefinitionLimits.wordCount)
        ),
        .init(
            "keep",
            "How values are merged. Quantiles keeps how often each integer was said, to a 64th of "
                + "it, and shows the median.",
            .words(Keep.allCases.map(\.rawValue)),
            isRequired: true
        ),
        .init(
            "by",
            "What the sub-keys are, if each has its own value: refund.",
            .ref("columnName")
        ),
        .init(
            "last",
            "For keep count and quantiles: how far back from the moment asked about it goes, such "
                + "as 1h; to a twelfth, and never further.",
            .ref("duration")
        ),
        .init(
            "personal",
            "Whether its values go when a person's data is erased; else those of texts do.",
            ["type": "boolean"]
        ),
        .init("about", "What the column says.", .ref("freeText")),
    ]

    static let rule: [DefinitionKey] = [
        .init("from", "The attributes that an event has.", .ref("from"), isRequired: true),
        .init("when", "What else must hold.", .ref("when")),
        .init("each", "The list whose elements each tell something.", .ref("path")),
        .init("key", "The name of the row.", .ref("template"), isRequired: true),
        .init("at", "The moment an event speaks for; else when it was recorded.", .ref("moment")),
        .init(
            "link",
            "Other names of the row, such as pi:{/id}.",
            .oneOrMore(of: .ref("template"), DefinitionLimits.linkCount)
        ),
        .init("set", "What the columns are told.", .ref("set")),
    ]

    static let from: [DefinitionKey] = EventAttribute.allCases.map { attribute in
        var values = attribute.values.map { ": \($0.joined(separator: ", "))" } ?? ""
        if attribute == .outcome {
            values +=
                ". Rejected events fit only a rule that names that outcome, which may look at "
                + "attributes alone"
        }
        return .init(
            attribute.rawValue,
            "The event's \(attribute.rawValue)\(values). A * stands for any text.",
            .oneOrMore(of: .ref("scalar"), DefinitionLimits.patternCount)
        )
    }

    static let moment: [DefinitionKey] = [
        .init("from", "Where it is.", .ref("path"), isRequired: true),
        .init("as", "How it is written.", .words(TimeFormat.words)),
    ]

    /// Of these a choice has exactly one.
    static let valueKinds = ["from", "is", "delta", "count", "text"]
    /// These go with `from` and `delta` alone.
    static let sourceOptions = ["map", "as", "scale", "currency", "default", "optional"]
    /// For money: amounts in cents.
    static let minor = "minor"

    static let choice: [DefinitionKey] = [
        .init("from", "A value in the event; for keep balance the absolute count.", .ref("path")),
        .init("is", "This value.", .ref("literal")),
        .init("delta", "For keep balance: a change of the count.", .ref("path")),
        .init("count", "For keep count and window: this event is one more.", ["const": true]),
        .init("text", "A text with places, such as woo-{/id}.", .ref("template")),
        .init("map", "The event's words, and what they mean.", .ref("map")),
        .init(
            "as",
            "How a time is written; for money, minor: in cents.",
            .words(TimeFormat.words + [minor])
        ),
        .init(
            "scale",
            "What integers are multiplied with, such as -1.",
            .integer(in: -DefinitionLimits.scale...DefinitionLimits.scale)
        ),
        .init("currency", "Where the currency is, or { is: EUR }.", .ref("currency")),
        .init("default", "The value if there is none in the event.", .ref("literal")),
        .init(
            "optional",
            "Whether the column stays as it is if there is none in the event.",
            ["type": "boolean"]
        ),
        .init("by", "The sub-key, for columns that have them.", .ref("template")),
        .init("when", "What must hold.", .ref("when")),
        .init("width", "For keep window: where the windows' width is, such as 1m.", .ref("path")),
    ]

    static let currency: [DefinitionKey] = [
        .init("is", "A currency's code, such as EUR.", .ref("currencyCode"), isRequired: true)
    ]

    static let money: [DefinitionKey] = [
        .init("amount", "An exact amount, such as \"12.50\".", .ref("scalar"), isRequired: true),
        .init("currency", "Its currency's code.", .ref("currencyCode"), isRequired: true),
    ]

    static let comparison: [DefinitionKey] = [
        .init("lt", "Less than this.", .ref("operand")),
        .init("lte", "Not more than this.", .ref("operand")),
        .init("gt", "More than this.", .ref("operand")),
        .init("gte", "Not less than this.", .ref("operand")),
    ]

    /// Of these a derived column that is no list has exactly one.
    static let operations = [
        "sum", "subtract", "ratio", "age", "currency", "percentile", "peak", "peak_at", "reached",
    ]
    /// These go with an operation.
    static let operationOptions = ["times", "at", "of", "percent"]

    /// The options that go with an operation.
    static func options(of operation: String) -> [String] {
        switch operation {
        case "ratio": ["times"]
        case "age": ["at"]
        case "percentile": ["percent"]
        case "reached": ["of", "percent"]
        default: []
        }
    }

    static let derivation: [DefinitionKey] = [
        .init(
            "sum",
            "Adds up columns.",
            .list(of: .ref("columnName"), DefinitionLimits.columnCount)
        ),
        .init(
            "subtract",
            "The first column less the others.",
            .list(of: .ref("columnName"), DefinitionLimits.columnCount)
        ),
        .init(
            "ratio",
            "The first column as a share of the second, in hundredths, rounded down; none where "
                + "the second is 0.",
            ["type": "array", "items": .ref("columnName"), "minItems": 2, "maxItems": 2]
        ),
        .init(
            "age",
            "The seconds from the time in this column to the moment asked about.",
            .ref("columnName")
        ),
        .init("currency", "The currency of the money in this column.", .ref("columnName")),
        .init(
            "percentile",
            "The least value that so many hundredths of this column's values do not exceed, at "
                + "most a 64th of it off; the column has keep quantiles.",
            .ref("columnName")
        ),
        .init("peak", "The most that one window of this column counted.", .ref("columnName")),
        .init("peak_at", "Where that window begins.", .ref("columnName")),
        .init("reached", "How many windows of this column reached a share.", .ref("columnName")),
        .init(
            "times",
            "For ratio: what the share is multiplied with, in the place of 100.",
            .integer(in: DefinitionLimits.times)
        ),
        .init(
            "at",
            "For age: the column with the time that counts in the place of the moment asked about.",
            .ref("columnName")
        ),
        .init("of", "For reached: the column that the share is of.", .ref("columnName")),
        .init(
            "percent",
            "For reached: the share, or the column that says it; for percentile: the hundredths.",
            .ref("percent")
        ),
    ]

    static let derivedChoice: [DefinitionKey] = [
        .init("when", "What must hold of the row.", .ref("derivedWhen")),
        .init("is", "This value.", .ref("scalar")),
        .init("as", "The value of this column.", .ref("columnName")),
    ]
}
