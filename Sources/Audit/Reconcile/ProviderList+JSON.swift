internal import Bytes
internal import JSON

extension ProviderList {
    /// Reads a JSON document: a list of objects, or an object with such a list as `data`.
    ///
    /// - Throws: `AuditProblem.usage` if the text is not that.
    package init(json bytes: [UInt8], _ columns: ListColumns) throws {
        self.init(bytes, isJSON: true, columns)
        let scanner: JSONElementScanner
        var reader: ElementReader
        var parser = JSONParser()
        do throws(ListProblem) {
            scanner = try JSONElementScanner(bytes.span)
            try Self.check(scanner.others, in: bytes.span, &parser)
            reader = try ElementReader(columns)
        } catch {
            throw AuditProblem.usage("the list cannot be read: \(error.what)")
        }
        for (index, range) in scanner.elements.enumerated() {
            try take(range, at: index + 1, &reader, &parser)
        }
    }

    private static func check(
        _ values: [Range<Int>],
        in bytes: Span<UInt8>,
        _ parser: inout JSONParser
    ) throws(ListProblem) {
        for range in values {
            do throws(JSONError) {
                _ = try parser.parse(bytes.extracting(range))
            } catch {
                throw ListProblem("\(error), in the value at byte \(range.lowerBound)")
            }
        }
    }

    /// Reads one JSON object a line.
    ///
    /// A line that is none is a problem of the list, with its number.
    package init(ndjson bytes: [UInt8], _ columns: ListColumns) throws {
        self.init(bytes, isJSON: true, columns)
        var parser = JSONParser()
        var reader: ElementReader
        do throws(ListProblem) {
            reader = try ElementReader(columns)
        } catch {
            throw AuditProblem.usage("the list cannot be read: \(error.what)")
        }
        var lines = NDJSONLines()
        while let range = lines.next(in: bytes.span) {
            try take(range, at: lines.lineNumber, &reader, &parser)
        }
    }

    private mutating func take(
        _ range: Range<Int>,
        at place: Int,
        _ reader: inout ElementReader,
        _ parser: inout JSONParser
    ) throws(AuditProblem) {
        let record: ListedRecord
        do throws(ListProblem) {
            let values = try reader.values(bytes.span.extracting(range), &parser)
            record = try values.record(at: place, range, columns)
        } catch {
            return try refuse(place, error.what)
        }
        try take(record)
    }

    /// The first element's columns, if the list is of a shape that is known: Stripe's events.
    package static func knownColumns(_ bytes: [UInt8]) -> ListColumns? {
        var parser = JSONParser()
        if let scanner = try? JSONElementScanner(bytes.span), let first = scanner.elements.first {
            return knownColumns(bytes.span.extracting(first), &parser)
        }
        var lines = NDJSONLines()
        guard let range = lines.next(in: bytes.span) else { return nil }
        return knownColumns(bytes.span.extracting(range), &parser)
    }

    private static func knownColumns(
        _ element: Span<UInt8>,
        _ parser: inout JSONParser
    ) -> ListColumns? {
        guard let value = try? parser.parse(element) else { return nil }
        return isStripeEvent(value) ? .stripeEvents : nil
    }

    private static func isStripeEvent(_ value: JSONValue) -> Bool {
        value.member("object")?.string == "event" && value.member("id")?.string != nil
            && value.member("data")?.member("object")?.kind == .object
    }
}

/// Reads the columns that are asked for out of objects; numbers as they are written.
struct ElementReader: ~Copyable {
    private var extractor = JSONExtractor()
    private let paths: JSONPaths
    private let columns: ListColumns
    /// The place of each column among the paths.
    private var places: [Meaning: Int] = [:]

    /// The columns by name.
    private enum Meaning: Hashable {
        case id, type, amount, currency, status, time, kind, subject
    }

    init(_ columns: ListColumns) throws(ListProblem) {
        self.columns = columns
        var pointers: [JSONPointer] = []
        let wanted: [(Meaning, String?)] = [
            (.id, columns.id), (.type, columns.type), (.amount, columns.amount),
            (.currency, columns.currencyColumn), (.status, columns.status), (.time, columns.time),
            (.kind, columns.subject?.kind), (.subject, columns.subject?.id),
        ]
        var places: [Meaning: Int] = [:]
        for (key, name) in wanted {
            guard let name else { continue }
            places[key] = pointers.count
            pointers.append(try Self.pointer(name))
        }
        self.places = places
        paths = JSONPaths(pointers)
    }

    /// A column's JSON Pointer, or the member of that name.
    private static func pointer(_ name: String) throws(ListProblem) -> JSONPointer {
        let text =
            name.hasPrefix("/")
            ? name : "/" + name.replacing("~", with: "~0").replacing("/", with: "~1")
        do throws(JSONPointerError) {
            return try JSONPointer(text)
        } catch {
            throw ListProblem("the column \(error)")
        }
    }

    /// What an object says; it is checked to be JSON as a whole first.
    mutating func values(
        _ element: Span<UInt8>,
        _ parser: inout JSONParser
    ) throws(ListProblem) -> ListedValues {
        let kind: JSONKind
        do throws(JSONError) {
            kind = try parser.parse(element).kind
        } catch {
            throw ListProblem("\(error)")
        }
        guard kind == .object else { throw ListProblem("it is \(kind), expected an object") }
        return try values(parsed: element)
    }

    /// What an object says that is known to be JSON.
    mutating func values(parsed element: Span<UInt8>) throws(ListProblem) -> ListedValues {
        var values = ListedValues()
        let places = places
        let code = columns.currencyCode
        do throws(JSONExtractionError) {
            let found = try extractor.extract(element, paths)
            values.id = Self.text(found.values, places[.id]) ?? ""
            values.type = Self.text(found.values, places[.type])
            values.amount = Self.text(found.values, places[.amount])
            values.currency = Self.text(found.values, places[.currency]) ?? code
            values.status = Self.text(found.values, places[.status])
            values.time = Self.text(found.values, places[.time])
            if let kind = Self.text(found.values, places[.kind]),
                let id = Self.text(found.values, places[.subject])
            {
                values.subject = "\(kind):\(id)"
            }
        } catch {
            throw ListProblem("\(error)")
        }
        return values
    }

    /// A text, or a number as it is written.
    private static func text(_ values: ExtractedValues, _ place: Int?) -> String? {
        guard let place else { return nil }
        let value = values[place]
        guard value.kind == .string || value.kind == .number else { return nil }
        return String(repairing: value.text)
    }
}

extension ListColumns {
    /// The currency's code, if it is one for all records: three capitals.
    var currencyCode: String? {
        guard let currency, currency.utf8.count == 3,
            currency.utf8.allSatisfy({ (65...90).contains($0) })
        else { return nil }
        return currency
    }

    /// The currency's column, if there is one.
    var currencyColumn: String? { currencyCode == nil ? currency : nil }
}
