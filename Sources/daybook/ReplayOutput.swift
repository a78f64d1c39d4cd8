import Bytes
import POSIX
import Projections
import Tables

/// History as it is shown: text for people, an object or line an event for programs.
struct ReplayOutput {
    private enum Form {
        case text(Colours)
        case rows(RowWriter<SystemError>)
    }

    private var form: Form
    private var text = ""
    private var isEmpty = true

    /// Bytes of text that are gathered before they are written.
    private static let buffer = 32 << 10

    init(_ format: OutputFormat) {
        form =
            format == .table
            ? .text(Colours(on: StandardStream.output.isTerminal))
            : .rows(Rows.writer(Self.names.map { Column($0) }, format))
    }

    mutating func add(_ event: ReplayedEvent) throws {
        isEmpty = false
        switch form {
        case .text(let colours):
            Rows.count()
            text += Self.lines(event, colours)
            if text.utf8.count > Self.buffer { try flush() }
        case .rows(var writer):
            try writer.add(Self.cells(event))
            form = .rows(writer)
        }
    }

    /// Writes out all so far, for a reader who waits for the next event.
    mutating func flush() throws {
        switch form {
        case .text:
            try StandardStream.output.write(text)
            text = ""
        case .rows(var writer):
            try writer.flush()
            form = .rows(writer)
        }
    }

    mutating func finish() throws {
        switch form {
        case .text:
            if isEmpty { text = "no such events\n" }
            try flush()
        case .rows(var writer): try writer.finish()
        }
    }

    private static func lines(_ event: ReplayedEvent, _ colours: Colours) -> String {
        let time = event.recorded.map(ProjectionCells.seconds) ?? ""
        let words = [
            String(event.sequence), time, event.source, event.type, event.subject ?? "",
            event.outcome, event.id,
        ]
        let title = words.filter { !$0.isEmpty }.joined(separator: "  ")
        var text = colours.bold(TerminalText.harmless(title)) + "\n"
        for effect in event.effects {
            text += "  · " + TerminalText.harmless(ProjectionCells.text(effect)) + "\n"
        }
        return text
    }

    private static let names = [
        "sequence", "recorded", "source", "type", "id", "subject", "outcome", "effects",
    ]

    private static func cells(_ event: ReplayedEvent) -> [Cell] {
        [
            .unsigned(event.sequence), ProjectionCells.cell(event.recorded, .json),
            .text(event.source), .text(event.type), .text(event.id),
            event.subject.map { .text($0) } ?? .absent, .text(event.outcome),
            .json(ProjectionCells.json(event.effects)),
        ]
    }
}

/// How long to wait between events, so that history passes as it did, only faster or slower.
struct ReplayPace {
    /// How many times faster; `nil` for no waiting.
    let speed: Double?
    private var previous: Timestamp?

    init(speed: Double?) {
        self.speed = speed
    }

    /// Milliseconds to wait before an event.
    mutating func pause(before time: Timestamp?) -> UInt64 {
        guard let speed, let time else { return 0 }
        defer { previous = time }
        guard let previous else { return 0 }
        let passed = Double(time.microseconds - previous.microseconds) / 1000 / speed
        return passed < 1 ? 0 : UInt64(min(passed, 1e15))
    }
}
