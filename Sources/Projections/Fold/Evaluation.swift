/// Works out a row's derived columns, in the definition's order.
struct Evaluation {
    /// Microseconds since 1970.
    let moment: Int64
    /// Enums' words are texts.
    var stored: [ColumnValue?] = []
    var windows: [Int: Window] = [:]
    var histograms: [Int: Histogram] = [:]
    var derived: [ColumnValue?] = []

    init(moment: Int64) { self.moment = moment }

    func value(of rule: DerivationRule) -> ColumnValue? {
        switch rule {
        case .choices(let choices):
            for choice in choices where choice.when.allSatisfy({ holds($0) }) {
                return value(of: choice.value)
            }
            return nil
        case .sum(let columns):
            let values = columns.compactMap { value(of: $0) }
            return values.dropFirst().reduce(values.first) { Self.add($0, $1, sign: 1) }
        case .subtract(let columns):
            guard let first = columns.first, let start = value(of: first) else { return nil }
            return columns.dropFirst().compactMap { value(of: $0) }
                .reduce(start) { Self.add($0, $1, sign: -1) }
        case .ratio(let first, let second, let times):
            guard let whole = integer(second), whole > 0 else { return nil }
            let (part, overflows) = (integer(first) ?? 0)
                .multipliedReportingOverflow(by: Int128(times))
            if overflows { return nil }
            // Rounds down below 0 too.
            return .integer(part % whole < 0 ? part / whole - 1 : part / whole)
        case .percentile(let column, let percent):
            return histograms[column]?.percentile(percent, at: moment).map { .integer($0) }
        case .age(let column, let other):
            let end = other.map { time($0) } ?? moment
            guard let start = time(column), let end else { return nil }
            let length = Int128(end) - Int128(start)
            return .integer(length % 1_000_000 < 0 ? length / 1_000_000 - 1 : length / 1_000_000)
        case .currency(let column):
            guard case .money(_, let currency)? = value(of: column) else { return nil }
            return .text(currency.text)
        case .peak(let column):
            return windows[column]?.peak.map { .integer(Int128($0.count)) }
        case .peakAt(let column): return windows[column]?.peak.map { .time($0.start) }
        case .reached(let column, let allowed, let percent):
            guard let window = windows[column], let allowed = integer(allowed) else { return nil }
            let share: Int128 =
                switch percent {
                case .number(let number): Int128(number)
                case .column(let column): integer(column) ?? 80
                }
            return .integer(Int128(window.reached(percent: share, of: allowed)))
        }
    }

    private func value(of reference: ColumnReference) -> ColumnValue? {
        switch reference {
        case .stored(let place): stored[place]
        case .derived(let place): derived[place]
        }
    }

    private func value(of value: DerivedValue) -> ColumnValue? {
        switch value {
        case .text(let text): .text(text)
        case .integer(let integer): .integer(Int128(integer))
        case .boolean(let isTrue): .boolean(isTrue)
        case .column(let reference): self.value(of: reference)
        }
    }

    private func integer(_ reference: ColumnReference) -> Int128? {
        if case .integer(let integer)? = value(of: reference) { return integer }
        return nil
    }

    private func time(_ reference: ColumnReference) -> Int64? {
        if case .time(let time)? = value(of: reference) { return time }
        return nil
    }

    /// A sum of integers or of money in one currency; `nil` for anything else.
    private static func add(_ a: ColumnValue?, _ b: ColumnValue, sign: Int128) -> ColumnValue? {
        switch (a, b) {
        case (.integer(let a), .integer(let b)):
            let (sum, overflows) = a.addingReportingOverflow(sign * b)
            return overflows ? nil : .integer(sum)
        case (.money(let a, let currency), .money(let b, let other)):
            guard currency == other else { return nil }
            let (sum, overflows) = a.addingReportingOverflow(sign * b)
            return overflows ? nil : .money(sum, currency)
        default: return nil
        }
    }

    // MARK: - Conditions

    private func holds(_ condition: DerivedCondition) -> Bool {
        let value = value(of: condition.column)
        switch condition.test {
        case .present: return value != nil
        case .absent: return value == nil
        case .isOne(let texts):
            guard let text = value?.comparableText else { return false }
            return texts.contains(text)
        case .compares(let comparison, let operand):
            guard let value, let order = order(value, operand) else { return false }
            return comparison.holds(order)
        }
    }

    /// Negative, zero or positive; `nil` for what cannot be compared.
    private func order(_ value: ColumnValue, _ operand: DerivedCondition.Operand) -> Int? {
        let other: ColumnValue?
        switch operand {
        case .integer(let integer): other = .integer(Int128(integer))
        case .time(let time): other = .time(time)
        case .now: other = .time(moment)
        case .column(let reference): other = self.value(of: reference)
        }
        switch (value, other) {
        case (.integer(let a), .integer(let b)): return a < b ? -1 : a > b ? 1 : 0
        case (.time(let a), .time(let b)): return a < b ? -1 : a > b ? 1 : 0
        case (.money(let a, let x), .money(let b, let y)) where x == y:
            return a < b ? -1 : a > b ? 1 : 0
        default: return nil
        }
    }
}

extension Comparison {
    /// Whether it holds for the order of two values: negative, zero or positive.
    func holds(_ order: Int) -> Bool {
        switch self {
        case .lt: order < 0
        case .lte: order <= 0
        case .gt: order > 0
        case .gte: order >= 0
        }
    }
}

extension ColumnValue {
    /// The value as conditions name it; `nil` for lists and money.
    fileprivate var comparableText: String? {
        switch self {
        case .text(let text): text
        case .integer(let integer): String(integer)
        case .boolean(let isTrue): isTrue ? "true" : "false"
        case .word, .time, .money, .list, .keyed: nil
        }
    }
}
