internal import Bytes
internal import Projections

/// The texts of one record's columns, and what they say.
struct ListedValues {
    var id = ""
    var type: String?
    var amount: String?
    var currency: String?
    var status: String?
    var time: String?
    var subject: String?

    /// An id is as long as an event's at most; longer ones are no ids.
    static let idBytes = 1024

    /// The record that they make; a text says why they make none.
    func record(
        at place: Int,
        _ range: Range<Int>,
        _ columns: ListColumns
    ) throws(ListProblem) -> ListedRecord {
        guard !id.isEmpty else { throw ListProblem("it has no id in \(columns.id)") }
        guard id.utf8.count <= Self.idBytes else {
            throw ListProblem("its id is longer than \(Self.idBytes) bytes")
        }
        var record = ListedRecord(id: id, place: place, range: range)
        record.type = Self.present(type)
        record.status = Self.present(status)
        record.subject = subject
        if let text = Self.present(time) {
            guard let moment = Self.moment(text) else {
                throw ListProblem("its time \"\(Self.short(text))\" is none")
            }
            record.time = moment
        }
        if let text = Self.present(amount) {
            guard let code = Self.present(currency), let currency = Currency(code.utf8Span.span)
            else {
                throw ListProblem(
                    "its amount \"\(Self.short(text))\" has no currency, expected a code such as "
                        + "EUR"
                )
            }
            guard let amount = ExactAmount(text, currency, isMinor: columns.isMinor) else {
                let form =
                    columns.isMinor
                    ? "a whole number of minor units"
                    : "a decimal with at most \(currency.exponent) digits after the point"
                throw ListProblem("its amount \"\(Self.short(text))\" is not \(form)")
            }
            record.amount = amount
        }
        return record
    }

    private static func present(_ text: String?) -> String? {
        text?.isEmpty == true ? nil : text
    }

    /// The start of what somebody else wrote, for a message.
    static func short(_ text: String) -> String {
        text.utf8.count <= 60 ? text : String(text.prefix(60)) + "…"
    }

    /// A moment as providers write them: RFC 3339, without a zone (UTC), a date, or seconds or
    /// milliseconds since 1970.
    static func moment(_ text: String) -> Timestamp? {
        let span = text.utf8Span.span
        if let number = Decimal.parse(span), let count = Int64(exactly: number) {
            return span.count > 11
                ? Timestamp(unixMilliseconds: count) : Timestamp(unixSeconds: count)
        }
        return Timestamp(rfc3339: span) ?? Timestamp(zoneless: span) ?? Timestamp(date: span)
    }
}

/// Why an element of a list is no record.
struct ListProblem: Error, CustomStringConvertible {
    let what: String
    var description: String { what }

    init(_ what: String) { self.what = what }
}
