internal import Bytes
internal import JSON
internal import Ledger

extension PlannedRule {
    /// The paths into the content whose value may be a list.
    static func listPaths(
        _ links: [PlannedTemplate],
        _ settings: [PlannedSetting]
    ) -> [Int] {
        var operands: [Operand] = []
        for case .value(let operand, _) in links.flatMap(\.parts) { operands.append(operand) }
        for setting in settings where setting.keep == .all {
            for case .from(let source, _) in setting.choices.map(\.value) {
                operands.append(source.operand)
            }
        }
        let places = operands.compactMap { operand -> Int? in
            switch operand {
            case .content(let place), .element(_, let place): return place
            case .attribute, .message: return nil
            }
        }
        return Set(places).sorted()
    }

    /// Gives each path of a rule its place.
    struct Places {
        /// The list whose elements tell something; `nil` if there is none, or it is no list of the
        /// content.
        let list: String?
        let hasElements: Bool
        var contentPointers: [JSONPointer] = []
        var elementPointers: [JSONPointer] = []
        var messagePaths: [MessagePath] = []
        var attributes: [Attribute] = []
        /// Where the rule finds the moment that an event speaks for, and how it is written.
        let moment: (path: ValuePath, format: TimeFormat)?

        init(_ rule: Rule) {
            hasElements = rule.each != nil
            if case .content(let pointer)? = rule.each { list = pointer } else { list = nil }
            moment = rule.at.map { ($0.path, $0.format) }
        }

        mutating func operand(_ path: ValuePath) -> Operand {
            switch path {
            case .content(let pointer):
                let content = content(pointer)
                guard hasElements else { return .content(content) }
                return .element(Self.place(pointer, &elementPointers), content: content)
            case .element:
                // No element is missing, so that the list itself is never looked at.
                return .element(Self.place("", &elementPointers), content: content(list ?? ""))
            case .attribute(let attribute):
                if !attributes.contains(attribute.attribute) {
                    attributes.append(attribute.attribute)
                }
                return .attribute(attribute.attribute)
            case .header(let name):
                return .message(place(.header(Array(name.lowercased().utf8))))
            case .request(let pointer): return .message(message(MessagePath.request, pointer))
            case .response(let pointer): return .message(message(MessagePath.response, pointer))
            }
        }

        mutating func content(_ pointer: String) -> Int { Self.place(pointer, &contentPointers) }

        private mutating func message(
            _ make: (JSONPointer) -> MessagePath,
            _ pointer: String
        ) -> Int {
            // The reader of definitions has refused what is no pointer.
            guard let pointer = try? JSONPointer(pointer) else { return place(.header([])) }
            return place(make(pointer))
        }

        private mutating func place(_ path: MessagePath) -> Int {
            if let place = messagePaths.firstIndex(of: path) { return place }
            messagePaths.append(path)
            return messagePaths.count - 1
        }

        private static func place(_ pointer: String, _ pointers: inout [JSONPointer]) -> Int {
            if let place = pointers.firstIndex(where: { $0.text == pointer }) { return place }
            if let pointer = try? JSONPointer(pointer) { pointers.append(pointer) }
            return pointers.count - 1
        }
    }
}

extension PlannedTest {
    init(_ condition: Condition, _ places: inout PlannedRule.Places) {
        operand = places.operand(condition.path)
        test = condition.test
    }
}

extension PlannedTemplate {
    convenience init(_ template: Template, _ places: inout PlannedRule.Places) {
        var parts: [Part] = []
        var text: [UInt8] = []
        var paths: [String] = []
        for part in template.parts {
            switch part {
            case .literal(let literal):
                let start = text.count
                text.append(contentsOf: literal.utf8)
                parts.append(.literal(start: start, end: text.count))
            case .value(let path):
                parts.append(.value(places.operand(path), path: paths.count))
                paths.append(path.description)
            }
        }
        self.init(parts: parts, text: text, paths: paths, line: template.line)
    }
}

extension PlannedSetting {
    convenience init(
        _ setting: Setting,
        _ columns: [ColumnDefinition],
        _ places: inout PlannedRule.Places
    ) {
        var choices: [PlannedChoice] = []
        for choice in setting.choices {
            choices.append(
                PlannedChoice(
                    when: choice.when.map { PlannedTest($0, &places) },
                    value: PlannedValue(choice.value, &places),
                    by: choice.by.map { PlannedTemplate($0, &places) },
                    line: choice.line
                )
            )
        }
        let column = columns[setting.column]
        self.init(
            column: setting.column,
            type: column.type,
            keep: column.keep,
            choices: choices
        )
    }
}

extension PlannedValue {
    init(_ rule: ValueRule, _ places: inout PlannedRule.Places) {
        switch rule {
        case .literal(let literal): self = .literal(literal.planned)
        case .from(let source): self = .from(PlannedSource(source, &places), isDelta: false)
        case .delta(let source): self = .from(PlannedSource(source, &places), isDelta: true)
        case .text(let template, let isOptional):
            self = .text(PlannedTemplate(template, &places), isOptional: isOptional)
        case .count(let width?): self = .window(places.operand(width), path: width.description)
        case .count(nil): self = .count
        }
    }
}

extension PlannedSource {
    convenience init(_ source: SourcedValue, _ places: inout PlannedRule.Places) {
        let currency: PlannedCurrency
        switch source.currency {
        case nil: currency = .none
        case .code(let code)?:
            currency = Currency(code.utf8Span.span).map { .code($0.code) } ?? .none
        case .path(let path)?: currency = .operand(places.operand(path), path: path.description)
        }
        let isMoment = places.moment.map { $0 == (source.path, source.timeFormat) } ?? false
        self.init(
            source,
            operand: places.operand(source.path),
            currency: currency,
            isMoment: isMoment && source.map == nil && source.fallback == nil
        )
    }
}

extension Literal {
    /// The value as facts have it.
    var planned: PlannedLiteral {
        let value: Value
        switch self {
        case .word(let place): value = Value(first: Int64(place))
        case .text(let text): return PlannedLiteral(value: Value(first: 0), text: Array(text.utf8))
        case .integer(let integer): value = Value(first: integer)
        case .boolean(let isTrue): value = Value(first: isTrue ? 1 : 0)
        case .time(let time): value = Value(first: time)
        case .money(let amount, let code):
            // The reader of definitions has refused amounts and codes that are none.
            let currency = Currency(code.utf8Span.span)
            let minor = currency.flatMap {
                ExactDecimal.scaled(amount.utf8Span.span, exponent: $0.exponent)
            }
            value = Value(first: minor ?? 0, second: currency?.code ?? 0)
        }
        return PlannedLiteral(value: value, text: [])
    }
}
