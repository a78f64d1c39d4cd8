/// A piece of text in a report.
enum ReportText: Hashable {
    /// Our own words.
    case plain(String)
    case strong(String)
    case faint(String)
    /// What comes from an event or a person: it is shown, never obeyed.
    case said(String)
    /// The same, less prominent.
    case aside(String)
    /// A hash, a command: to be copied.
    case code(String)
    /// An event by its sequence.
    case event(UInt64)
    /// A word with a colour.
    case tag(String, Tone)
    case lineBreak

    enum Tone: String { case good, bad, warning, neutral }
}

/// A table of a report.
struct ReportTable {
    struct Column {
        let title: String
        var isNumber = false
        /// Whether values stay on one line.
        var isNarrow = false
        /// Whether it gets more room than others.
        var isWide = false
        /// Whether the title is what an event says.
        var isSaid = false

        static func text(_ title: String) -> Column { Column(title: title) }
        static func narrow(_ title: String) -> Column { Column(title: title, isNarrow: true) }
        static func wide(_ title: String) -> Column { Column(title: title, isWide: true) }
        static func number(_ title: String) -> Column {
            Column(title: title, isNumber: true, isNarrow: true)
        }
    }

    struct Row {
        var cells: [[ReportText]]
        /// Whether it tells of something that went wrong.
        var isBad = false
        /// The event that the row is the place of.
        var anchor: UInt64?
    }

    let columns: [Column]
    var rows: [Row] = []
    /// What stands in place of a table without rows.
    var empty = "none"
    /// What is said below it, as how much is left out.
    var footer: [ReportText] = []
}

/// A part of a report, from top to bottom.
enum ReportBlock {
    case heading(String, id: String)
    case subheading(String)
    case paragraph([ReportText])
    /// Figures that are seen first: each with what it counts and a remark.
    case figures([Figure])
    case table(ReportTable)
    case charts([ReportChart])
    case list([[ReportText]])
    /// What a person is to write.
    case blank(String)
    /// A name and what it is, one a line.
    case terms([(name: String, text: [ReportText])])
    /// Shown on demand only: who reads on paper does not need it.
    case details(String, [ReportTable])

    struct Figure {
        let value: String
        let label: String
        var remark = ""
        var tone = ReportText.Tone.neutral
    }
}

/// A whole report, before it is written in one form or another.
struct ReportDocument {
    /// Above the title: what it is.
    let kicker: String
    let title: [ReportText]
    let subtitle: [ReportText]
    var blocks: [ReportBlock] = []
    /// At the very end.
    var colophon: [ReportText] = []
}

/// Numbers as people read them.
enum ReportNumber {
    /// Digits in groups of three: `12,345`.
    static func grouped(_ number: some BinaryInteger) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return number < 0 ? "−" + text : text
    }

    /// A count with its noun: `1 event`, `1,204 events`.
    static func count(
        _ number: some BinaryInteger,
        _ noun: String,
        _ plural: String? = nil
    ) -> String {
        "\(grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
    }
}
