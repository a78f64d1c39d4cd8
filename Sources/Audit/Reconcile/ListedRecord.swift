package import Bytes

/// One record of a provider's own list.
package struct ListedRecord: Sendable {
    /// The provider's id for it.
    package let id: String
    /// Its line in the file, or its place in a list, counted from 1.
    package let place: Int
    /// Where it lies in the list's bytes.
    let range: Range<Int>
    package var type: String?
    package var amount: ExactAmount?
    package var status: String?
    package var time: Timestamp?
    /// The main entity, `kind:id`, where the record is an event that says so.
    package var subject: String?
}

/// Which columns of a list mean what: a CSV column's name, or a member's name or JSON Pointer.
package struct ListColumns: Sendable {
    package var id: String
    package var type: String?
    package var amount: String?
    /// A column, or a currency's code for all records.
    package var currency: String?
    package var status: String?
    package var time: String?
    /// Whether amounts are written in the currency's minor unit, as Stripe does.
    package var isMinor = false
    /// The main entity's kind and id.
    package var subject: (kind: String, id: String)?

    package init(id: String) { self.id = id }

    /// Stripe's event objects, as `GET /v1/events` lists them.
    package static var stripeEvents: ListColumns {
        var columns = ListColumns(id: "/id")
        columns.type = "/type"
        columns.amount = "/data/object/amount"
        columns.currency = "/data/object/currency"
        columns.status = "/data/object/status"
        columns.time = "/created"
        columns.isMinor = true
        columns.subject = ("/data/object/object", "/data/object/id")
        return columns
    }

    /// The columns that are named, for the record of the report: `id=id amount=Amount`.
    package var text: String {
        var words = ["id=\(id)"]
        for (name, column) in [
            ("type", type), ("amount", amount), ("currency", currency), ("status", status),
            ("time", time),
        ] {
            if let column { words.append("\(name)=\(column.replacing(" ", with: "%20"))") }
        }
        return (isMinor ? words + ["minor"] : words).joined(separator: " ")
    }
}

/// A provider's own list, read: the records, and what of it could not be read.
package struct ProviderList: Sendable {
    /// The list as it came, or the pages of it, an element a line.
    let bytes: [UInt8]
    package internal(set) var records: [ListedRecord] = []
    /// What of the list is no record, with its place: never skipped silently.
    package internal(set) var problems: [(place: Int, what: String)] = []
    /// Whether the records are JSON, in which the same pointers lead to the same values as in the
    /// bodies of webhooks.
    package let isJSON: Bool
    package let columns: ListColumns

    /// The largest list: more than any export of a provider, less than memory.
    package static let byteLimit = 1 << 30
    /// The most records of a list.
    package static let recordLimit = 4_000_000
    /// The most problems that are kept with their texts; more only say that the file is another.
    static let problemLimit = 10_000

    init(_ bytes: [UInt8], isJSON: Bool, _ columns: ListColumns) {
        self.bytes = bytes
        self.isJSON = isJSON
        self.columns = columns
    }

    mutating func refuse(_ place: Int, _ what: String) throws(AuditProblem) {
        guard problems.count < Self.problemLimit else {
            throw .usage(
                "more than \(Self.problemLimit) records of the list cannot be read, the first at "
                    + "\(problems[0].place): \(problems[0].what)"
            )
        }
        problems.append((place, what))
    }

    mutating func take(_ record: ListedRecord) throws(AuditProblem) {
        guard records.count < Self.recordLimit else {
            throw .usage("the list has more than \(Self.recordLimit) records")
        }
        records.append(record)
    }
}
