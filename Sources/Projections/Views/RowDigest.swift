internal import Bytes
internal import Digest

/// The digest over rows: what their registers hold, without who said it and without what is
/// derived or depends on the moment asked about.
struct RowDigest {
    private let definition: Definition
    private var hash = SHA256()
    private var line: [UInt8] = []

    init(_ definition: Definition) { self.definition = definition }

    /// Takes the first row of a fold, under its name.
    mutating func add(_ name: [UInt8], _ fold: borrowing Fold) {
        line.removeAll(keepingCapacity: true)
        line.append(UInt8(ascii: "{"))
        CanonicalJSON.appendString(definition.key, to: &line)
        line.append(UInt8(ascii: ":"))
        CanonicalJSON.appendString(String(repairing: name.span), to: &line)
        for (place, column) in definition.columns.enumerated() {
            guard let value = Self.value(place, column, fold) else { continue }
            line.append(UInt8(ascii: ","))
            CanonicalJSON.appendString(column.name, to: &line)
            line.append(UInt8(ascii: ":"))
            value.append(to: &line)
        }
        line.append(contentsOf: "}\n".utf8)
        let line = line
        hash.update(line.span)
    }

    consuming func finish() -> Hash256 { hash.finish() }

    private static func value(
        _ place: Int,
        _ column: ColumnDefinition,
        _ fold: borrowing Fold
    ) -> ColumnValue? {
        switch fold.other(0, place) {
        case .window(let window)?:
            return numbers(window.buckets.map { [$0.width, $0.index, Int64(clamping: $0.count)] })
        case .histogram(let histogram)?:
            return numbers(
                histogram.buckets.map { [$0.slice, $0.value, Int64(clamping: $0.count)] }
            )
        default: break
        }
        return fold.value(0, place).map { RowMaker.spelled($0, column.type) }
    }

    private static func numbers(_ rows: [[Int64]]) -> ColumnValue {
        .list(rows.map { row in .list(row.map { .integer(Int128($0)) }) })
    }
}
