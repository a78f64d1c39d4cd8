import Bytes
import Projections
import Tables

/// Values and changes of rows as people and programs read them.
enum ProjectionCells {
    /// What is said of an event that left a row as it was.
    private static let nothing =
        "nothing: known, overtaken or not linked yet"
    /// What stands for a value that is not there.
    private static let absence = "–"

    /// A value: for people in a table, else as JSON has it.
    static func cell(_ value: ColumnValue?, _ format: OutputFormat) -> Cell {
        guard let value else { return .absent }
        if format == .table { return .text(value.readable) }
        return switch value {
        case .text(let text): .text(text)
        case .time: .text(value.readable)
        case .boolean(let isTrue): .boolean(isTrue)
        case .integer(let integer): Int64(exactly: integer).map(Cell.integer) ?? .json(value.json)
        default: .json(value.json)
        }
    }

    /// A row, the key first.
    static func cells(_ row: Row, _ format: OutputFormat) -> [Cell] {
        [.text(row.key)] + row.cells.map { cell($0.value, format) }
    }

    /// A moment: to the second in a table, else whole.
    static func cell(_ time: Timestamp?, _ format: OutputFormat) -> Cell {
        guard let time else { return .absent }
        return .text(format == .table ? seconds(time) : time.rfc3339)
    }

    /// A moment to the second.
    static func seconds(_ time: Timestamp) -> String { String(time.rfc3339.prefix(19)) + "Z" }

    /// What changed in a row: in a table as in `shop: placed → paid`, else a list of objects.
    static func cell(_ changes: [Change], _ format: OutputFormat) -> Cell {
        format == .table ? .text(text(changes)) : .json(json(changes))
    }

    static func text(_ changes: [Change]) -> String {
        guard !changes.isEmpty else { return nothing }
        return changes.map { change in
            let old = change.old?.readable ?? absence
            let new = change.new?.readable ?? absence
            return "\(change.column): \(old) → \(new)"
        }.joined(separator: ", ")
    }

    static func json(_ changes: [Change]) -> String {
        array(
            changes.map { change in
                object([
                    ("column", .text(change.column)), ("old", cell(change.old, .json)),
                    ("new", cell(change.new, .json)),
                ])
            }
        )
    }

    /// What an event did to a row, in a line.
    static func text(_ effect: ProjectionEffect) -> String {
        "\(effect.projection) \(effect.key)  \(text(effect.changes))"
    }

    static func json(_ effects: [ProjectionEffect]) -> String {
        array(
            effects.map { effect in
                object([
                    ("projection", .text(effect.projection)), ("key", .text(effect.key)),
                    ("changes", .json(json(effect.changes))),
                ])
            }
        )
    }

    /// A rule by its place in the definition.
    static func rule(line: Int) -> Cell { line > 0 ? .text("projection.yaml:\(line)") : .absent }

    /// An object as JSON text.
    static func object(_ fields: [(String, Cell)]) -> String {
        let bytes = Record.render(
            columns: fields.map { Column($0.0) },
            row: fields.map(\.1),
            format: .ndjson
        )
        return String(repairing: bytes.span.extracting(..<(bytes.count - 1)))
    }

    /// A list as JSON text.
    static func array(_ values: [String]) -> String {
        "[" + values.joined(separator: ",") + "]"
    }
}
