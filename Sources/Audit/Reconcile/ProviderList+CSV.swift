internal import Bytes
internal import Tables

extension ProviderList {
    /// Reads comma-separated values, whose first record names the columns.
    ///
    /// - Throws: `AuditProblem.usage` if the text is no CSV or lacks a column that is asked for.
    package init(csv bytes: [UInt8], _ columns: ListColumns) throws {
        self.init(bytes, isJSON: false, columns)
        do {
            var reader = try CSVReader(bytes.span)
            guard let header = try reader.next(in: bytes.span) else {
                throw ListProblem("found nothing, expected the columns' names")
            }
            let places = try CSVPlaces(header, columns)
            while let fields = try reader.next(in: bytes.span) {
                try takeRow(fields, header.count, places, reader)
            }
        } catch let error as AuditProblem {
            throw error
        } catch {
            throw AuditProblem.usage("the list is no CSV: \(error)")
        }
    }

    private mutating func takeRow(
        _ fields: [String],
        _ count: Int,
        _ places: CSVPlaces,
        _ reader: CSVReader
    ) throws(AuditProblem) {
        let record: ListedRecord
        do throws(ListProblem) {
            guard fields.count == count else {
                throw ListProblem("it has \(fields.count) fields, expected \(count) as in line 1")
            }
            let values = places.values(fields, columns)
            record = try values.record(at: reader.line, reader.place, columns)
        } catch {
            return try refuse(reader.line, error.what)
        }
        try take(record)
    }

    /// A record of a CSV list as a JSON object, each column's text under its name.
    func csvContent(_ record: ListedRecord) -> [UInt8] {
        let whole = bytes.span
        guard var names = try? CSVReader(whole), let header = try? names.next(in: whole) else {
            return []
        }
        let row = whole.extracting(record.range)
        guard var reader = try? CSVReader(row, separator: names.separator),
            let fields = try? reader.next(in: row)
        else { return [] }
        var members: [String: String] = [:]
        for (name, field) in zip(header, fields) { members[name] = field }
        let sorted = members.sorted {
            CanonicalJSON.precedes($0.key.utf8Span.span, $1.key.utf8Span.span)
        }
        var object = CanonicalObject()
        for (name, field) in sorted { object.add(name, field) }
        return object.bytes
    }
}

/// Where in a record the columns stand that are asked for.
private struct CSVPlaces {
    private let id: Int
    private var type: Int?
    private var amount: Int?
    private var currency: Int?
    private var status: Int?
    private var time: Int?
    private var currencyCode: String?

    init(_ header: [String], _ columns: ListColumns) throws(ListProblem) {
        id = try Self.place(columns.id, header)
        if let name = columns.type { type = try Self.place(name, header) }
        if let name = columns.amount { amount = try Self.place(name, header) }
        if let name = columns.status { status = try Self.place(name, header) }
        if let name = columns.time { time = try Self.place(name, header) }
        guard let name = columns.currency else { return }
        if header.contains(name) {
            currency = try Self.place(name, header)
        } else if name.utf8.count == 3 {
            currencyCode = name
        } else {
            currency = try Self.place(name, header)
        }
    }

    func values(_ fields: [String], _ columns: ListColumns) -> ListedValues {
        var values = ListedValues()
        values.id = fields[id]
        values.type = type.map { fields[$0] }
        values.amount = amount.map { fields[$0] }
        values.currency = currency.map { fields[$0] } ?? currencyCode
        values.status = status.map { fields[$0] }
        values.time = time.map { fields[$0] }
        return values
    }

    private static func place(_ name: String, _ header: [String]) throws(ListProblem) -> Int {
        let found = header.indices.filter { header[$0] == name }
        guard let place = found.first else {
            let known = header.prefix(40).map { ListedValues.short($0) }.joined(separator: ", ")
            throw ListProblem(
                "line 1: there is no column \"\(name)\", expected one of: \(known)"
            )
        }
        guard found.count == 1 else {
            throw ListProblem("line 1: the column \"\(name)\" stands twice")
        }
        return place
    }
}
