/// What a definition may hold, with the reason for each bound.
enum DefinitionLimits {
    /// The most bytes of a file: it is recorded whole in the log; ours have less than 10 KiB.
    static let byteCount = 256 << 10

    /// The versions: raised by one with each change, so never many.
    static let versions = 1...1_000_000

    /// The most characters of a projection's or a column's name, as of a DNS label.
    static let nameLength = 63

    /// The most columns, stored or derived: a row has to be readable.
    static let columnCount = 64

    /// The most rules: each is compared with every other.
    static let ruleCount = 256

    /// The most words of an enum.
    static let wordCount = 256

    /// The most patterns for an attribute and values of a test: rules are compared by them.
    static let patternCount = 64

    /// The most conditions of a `when`.
    static let conditionCount = 32

    /// The most choices of a setting or a derived column.
    static let choiceCount = 64

    /// The most links of a rule.
    static let linkCount = 16

    /// The most places of a template.
    static let placeCount = 16

    /// The most words of a map.
    static let mapCount = 256

    /// The most bytes of a text that is kept: a path, a template, a word, a pattern.
    static let textLength = 1024

    /// What shares may be multiplied with: hundredths to millionths.
    static let times = 1...1_000_000

    /// The largest factor of `scale`: with it counts up to nine digits still fit.
    static let scale = 1_000_000_000
}
