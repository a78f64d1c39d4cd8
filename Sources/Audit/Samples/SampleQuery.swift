internal import Bytes
internal import Ledger

/// What a sample is asked for by: the same query of the same log draws the same events.
package struct SampleQuery: Sendable {
    /// Events that a sample may have: each row is held in memory with its proof to be written.
    package static let countLimit = 100_000
    /// Bytes of a seed: it stands in the record of the report.
    package static let seedLimit = 200
    /// Bands that the amounts of a currency may be cut into.
    package static let bandLimit = 100

    /// How many events are drawn.
    package let count: Int
    /// What decides which: any text that is agreed on before the draw.
    package let seed: String
    /// Into how many bands of like size the amounts of each currency are cut; `nil` for none.
    package let bands: Int?
    /// The report of the population that is drawn from, where a file was given.
    package let population: UInt64?
    package let selection: EventSelection

    /// Takes the parts of a query.
    ///
    /// - Throws: `AuditProblem.usage` where one is beyond its limits.
    package init(
        count: Int,
        seed: String,
        bands: Int?,
        population: UInt64?,
        selection: EventSelection
    ) throws(AuditProblem) {
        guard (1...Self.countLimit).contains(count) else {
            throw .usage("a sample is of 1 to \(Self.countLimit) events, not of \(count)")
        }
        guard (1...Self.seedLimit).contains(seed.utf8.count) else {
            throw .usage(
                "a seed has 1 to \(Self.seedLimit) bytes, not \(seed.utf8.count); it decides the "
                    + "draw, so agree on it before"
            )
        }
        if let bands, !(1...Self.bandLimit).contains(bands) {
            throw .usage("strata are 1 to \(Self.bandLimit) bands, not \(bands)")
        }
        self.count = count
        self.seed = seed
        self.bands = bands
        self.population = population
        self.selection = selection
    }

    /// The query as one line, the same for the same query; `init(text:)` reads it back.
    package var text: String {
        var words = ["n=\(count)", "seed=\(Self.escape(seed))"]
        if let bands { words.append("strata=\(bands)") }
        if let population { words.append("population=\(population)") }
        return (words + ["of", selection.text]).joined(separator: " ")
    }

    /// Reads what `text` gives.
    package init(text: String) throws(AuditProblem) {
        guard let mark = text.firstRange(of: " of ") else {
            throw .usage("\"\(text)\" is no sample's query, expected n=… seed=… of …")
        }
        var values: [Substring: Substring] = [:]
        for word in text[..<mark.lowerBound].split(separator: " ") {
            guard let equals = word.firstIndex(of: "=") else { continue }
            values[word[..<equals]] = word[word.index(after: equals)...]
        }
        guard let count = values["n"].flatMap({ Int($0) }), let seed = values["seed"] else {
            throw .usage("\"\(text)\" is no sample's query, expected n=… seed=… of …")
        }
        try self.init(
            count: count,
            seed: Self.unescape(seed),
            bands: values["strata"].flatMap { Int($0) },
            population: values["population"].flatMap { UInt64($0) },
            selection: EventSelection(text: String(text[mark.upperBound...]))
        )
    }

    private static func escape(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing(" ", with: "%20")
    }

    private static func unescape(_ text: Substring) -> String {
        String(text).replacing("%20", with: " ").replacing("%25", with: "%")
    }
}
