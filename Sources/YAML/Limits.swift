/// What a file may cost, with the reason for each bound.
package enum YAMLLimits {
    /// The most bytes of a file: a configuration has a few KiB, a projection with cases some more.
    package static let byteCount = 1 << 20

    /// The deepest nesting of sequences and mappings; ours use about 8 levels.
    package static let depth = 32

    /// The most nodes, keys included: they cost about 100 times their bytes in the file.
    package static let nodeCount = 100_000

    /// The most characters of a value that an error quotes.
    static let quotedLength = 40
}
