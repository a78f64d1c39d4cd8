internal import Bytes
internal import JSON

/// Makes the value that a rule tells a column.
struct ValueMaker {
    let setting: PlannedSetting
    let choice: PlannedChoice
    /// The moment that the event speaks for, in microseconds since 1970.
    let moment: Int64

    /// Adds the fact, or several for a list; none if the column stays as it is.
    func make(
        _ reading: Reading,
        _ by: Range<Int>,
        _ facts: inout EventFacts
    ) throws(Misfit) {
        switch choice.value {
        case .literal(let literal): add(.value, value(literal, &facts), by, &facts)
        case .count: add(.count, Value(first: 0), by, &facts)
        case .text(let template, let isOptional):
            if isOptional, !template.isFilled(reading) { return }
            let start = facts.bytes.count
            try Names.fill(template, reading, &facts.bytes)
            let count = facts.bytes.count - start
            guard count <= FoldLimits.textBytes else { throw overlong(count, "text:") }
            add(.value, Value(first: Int64(start), second: UInt64(count)), by, &facts)
        case .window(let operand, let path):
            let width = reading.value(operand)
            guard width.kind == .string, let microseconds = Duration.microseconds(width.text) else {
                throw misfit(width, path, "a length of time such as 1m")
            }
            add(.count, Value(first: microseconds), by, &facts)
        case .from(let source, let isDelta):
            let kind: EventFacts.Fact.Kind = isDelta ? .delta : .value
            let value = reading.value(source.operand)
            if value.kind == .array, setting.keep == .all,
                let members = reading.list(source.operand)
            {
                for member in members {
                    try convert(reading.member(member), source, reading, kind, by, &facts)
                }
                return
            }
            try convert(value, source, reading, kind, by, &facts)
        }
    }

    private func convert(
        _ value: EventValue,
        _ source: PlannedSource,
        _ reading: Reading,
        _ kind: EventFacts.Fact.Kind,
        _ by: Range<Int>,
        _ facts: inout EventFacts
    ) throws(Misfit) {
        guard value.isPresent else {
            if let fallback = source.fallback {
                add(kind, self.value(fallback, &facts), by, &facts)
            } else if !source.isOptional {
                throw misfit(value, source.path, expectation)
            }
            return
        }
        if let map = source.map {
            guard value.isScalar else { throw misfit(value, source.path, "a word") }
            guard let place = Self.place(of: value, in: map) else {
                facts.unmapped += 1
                return
            }
            add(kind, self.value(source.meanings[place], &facts), by, &facts)
            return
        }
        if setting.kind == .enumeration {
            guard value.kind == .string else { throw misfit(value, source.path, expectation) }
            guard let place = setting.words.place(of: value.text) else {
                facts.unmapped += 1
                return
            }
            add(kind, Value(first: Int64(place)), by, &facts)
            return
        }
        if source.isMoment, setting.kind == .time {
            add(kind, Value(first: moment), by, &facts)
        } else {
            add(kind, try plain(value, source, reading, &facts), by, &facts)
        }
    }

    private static func place(of value: EventValue, in words: WordTable) -> Int? {
        switch value.kind {
        case .true: words.place(of: "true".utf8Span.span)
        case .false: words.place(of: "false".utf8Span.span)
        default: words.place(of: value.text)
        }
    }

    private func plain(
        _ value: EventValue,
        _ source: PlannedSource,
        _ reading: Reading,
        _ facts: inout EventFacts
    ) throws(Misfit) -> Value {
        switch setting.kind {
        case .text, .enumeration:
            guard value.kind == .string || value.kind == .number else { break }
            guard value.text.count <= FoldLimits.textBytes else {
                throw overlong(value.text.count, source.path)
            }
            return text(value.text, &facts)
        case .integer:
            guard value.kind == .number || value.kind == .string,
                let integer = ExactDecimal.multiplied(value.text, by: source.scale)
            else { break }
            return Value(first: integer)
        case .boolean:
            guard value.kind == .true || value.kind == .false else { break }
            return Value(first: value.kind == .true ? 1 : 0)
        case .time:
            guard let time = Moments.read(value, source.timeFormat) else { break }
            return Value(first: time)
        case .money:
            let code = try currency(source, reading)
            let exponent = source.isMinor ? 0 : code.exponent
            guard value.kind == .number || value.kind == .string,
                let minor = ExactDecimal.scaled(value.text, exponent: exponent)
            else { break }
            return Value(first: minor, second: code.code)
        }
        throw misfit(value, source.path, expectation)
    }

    private func currency(
        _ source: PlannedSource,
        _ reading: Reading
    ) throws(Misfit) -> Currency {
        switch source.currency {
        case .none: throw Misfit(choice.line, "no currency is named for \(source.path)")
        case .code(let code): return Currency(code: code)
        case .operand(let operand, let path):
            let value = reading.value(operand)
            guard value.kind == .string, let currency = Currency(value.text) else {
                throw misfit(value, path, "a currency such as EUR")
            }
            return currency
        }
    }

    // MARK: - Facts

    private func add(
        _ kind: EventFacts.Fact.Kind,
        _ value: Value,
        _ by: Range<Int>,
        _ facts: inout EventFacts
    ) {
        facts.facts.append(
            EventFacts.Fact(column: setting.column, kind: kind, value: value, by: by)
        )
    }

    private func value(_ literal: PlannedLiteral, _ facts: inout EventFacts) -> Value {
        guard setting.kind == .text else { return literal.value }
        let bytes = literal.text
        return text(bytes.span, &facts)
    }

    private func text(_ text: Span<UInt8>, _ facts: inout EventFacts) -> Value {
        let start = facts.bytes.count
        facts.bytes.append(span: text)
        return Value(first: Int64(start), second: UInt64(text.count))
    }

    private func misfit(_ value: EventValue, _ path: String, _ expected: String) -> Misfit {
        Misfit(choice.line, "found \(value.finding) at \(path), expected \(expected)")
    }

    private func overlong(_ count: Int, _ place: String) -> Misfit {
        Misfit(
            choice.line,
            "found a text of \(count) bytes at \(place), expected at most \(FoldLimits.textBytes)"
        )
    }

    private var expectation: String {
        switch setting.kind {
        case .enumeration: "a word"
        case .text: "a text"
        case .integer: "an integer of 64 bits"
        case .boolean: "true or false"
        case .time: "a time"
        case .money: "an amount with no more digits than its currency has"
        }
    }
}

extension PlannedTemplate {
    /// Whether all its places have values.
    fileprivate func isFilled(_ reading: Reading) -> Bool {
        for part in parts {
            if case .value(let operand, _) = part, !reading.value(operand).isPresent {
                return false
            }
        }
        return true
    }
}
