/// The names of the format `daybook-evidence/v1`, and what a bundle may cost whoever reads it.
package enum BundleFormat {
    /// The format's name, which is also the first line of the signed note.
    package static let name = "daybook-evidence/v1"
    /// What every path in the archive begins with.
    package static let folder = "daybook-evidence/"

    /// Bytes of one JSON document: every verifier holds it in memory, browsers too.
    package static let documentBytes = 100_000_000
    /// Levels of nesting in a JSON document; the format needs five.
    package static let depth = 64
    /// Selected events up to which each gets a proof of its own without being asked for.
    package static let fewEvents: UInt64 = 1000
    /// Lines of a stretch: at some 700 bytes each what unpacks to half of what is accepted.
    package static let lines: UInt64 = 3_000_000
    /// Bytes of a line: its length has 16 bits in an entry bundle (C2SP tlog-tiles).
    package static let lineBytes = 65_535
    /// Keys of a ledger: one a day for 27 years.
    package static let keys = 10_000
    /// The newest anchors that a bundle carries.
    package static let anchors = 8

    /// The path of one event's file.
    static func path(_ folder: String, _ sequence: UInt64, _ suffix: String = "") -> String {
        "\(folder)/\(sequenceText(sequence))\(suffix)"
    }
}
