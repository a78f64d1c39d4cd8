import Tables

/// SplitMix64: the same numbers on every run of a test.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}

/// Everything a writer writes for `rows`, as text.
func rendered(
    _ columns: [Column],
    _ rows: [[Cell]],
    _ format: OutputFormat = .table,
    width: Int? = nil,
    colour: Bool = false,
    footer: String? = nil,
    noRows: String? = nil
) -> String {
    var output: [UInt8] = []
    var writer = RowWriter(columns: columns, format: format, width: width, colour: colour) {
        output += $0
    }
    for row in rows { writer.add(row) }
    writer.finish(footer: footer, noRows: noRows)
    return String(decoding: output, as: UTF8.self)
}

/// The lines of a table, without the empty one after the last line break.
func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
}

let eventColumns = [
    Column("sequence", title: "seq", alignment: .right, shrinking: .keep),
    Column("time", shrinking: .keep),
    Column("source", shrinking: .dropFirst),
    Column("type"),
    Column("hash", shrinking: .middle),
]

func event(_ sequence: UInt64, _ source: String, _ type: String) -> [Cell] {
    [
        .unsigned(sequence), .text("2025-11-21 04:15"), .text(source), .text(type),
        .text("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    ]
}

/// What hostile webhooks send to whoever looks at them.
let hostileTexts = [
    "\u{1B}[2J\u{1B}[1;1Hall is well",
    "\u{1B}]0;title\u{07}",
    "\u{1B}]8;;https://evil.example\u{1B}\\link\u{1B}]8;;\u{1B}\\",
    "\u{9B}31mred",
    "\u{90}payload\u{9C}",
    "line one\r\nline two\rline three\nline four",
    "back\u{8}\u{8}\u{8}\u{8}forth\u{7F}",
    "invoice\u{202E}fdp.exe\u{2066}\u{200B}\u{FEFF}",
    "\u{0}\u{C}\u{B}\u{2028}\u{2029}\u{85}",
    "\r",
    "\u{E0041}\u{E0042}hidden tags",
]
