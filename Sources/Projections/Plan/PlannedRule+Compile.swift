internal import Bytes
internal import JSON
internal import Ledger

extension PlannedRule {
    /// Compiles a rule.
    init(_ rule: Rule, _ definition: Definition) {
        var places = Places(hasElements: rule.each != nil)
        line = rule.line
        switch rule.each {
        case nil: each = nil
        case .content(let pointer)?: each = .content(places.content(pointer))
        case .attribute(let attribute)?: each = .limits(attribute.attribute)
        // The reader of definitions refuses these.
        case .header?, .request?, .response?: each = nil
        }
        when = rule.when.map { PlannedTest($0, &places) }
        key = PlannedTemplate(rule.key, &places)
        at = rule.at.map { time in
            PlannedTime(
                operand: places.operand(time.path),
                path: time.path.text,
                format: time.format,
                line: time.line
            )
        }
        links = rule.links.map { PlannedTemplate($0, &places) }
        settings = rule.settings.map { PlannedSetting($0, definition.columns, &places) }
        words = definition.columns.map { column in
            guard case .enumeration(let words) = column.type else { return [] }
            return words.map { Array($0.utf8) }
        }
        contentPaths = JSONPaths(places.contentPointers)
        listPaths = Self.listPaths(links, settings)
        needsBody = !places.contentPointers.isEmpty || !places.messagePaths.isEmpty
        attributes = places.attributes
        elementPaths = JSONPaths(places.elementPointers)
        messagePaths = places.messagePaths
    }

    /// The paths into the content whose value may be a list.
    private static func listPaths(
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
        let places = operands.compactMap { operand in
            switch operand {
            case .content(let place), .element(_, let place): place
            case .attribute, .message: nil
            }
        }
        return Set(places).sorted()
    }

    /// Gives each path of a rule its place.
    struct Places {
        let hasElements: Bool
        var contentPointers: [JSONPointer] = []
        var elementPointers: [JSONPointer] = []
        var messagePaths: [MessagePath] = []
        var attributes: [Attribute] = []

        init(hasElements: Bool) { self.hasElements = hasElements }

        mutating func operand(_ path: ValuePath) -> Operand {
            switch path {
            case .content(let pointer):
                let content = content(pointer)
                guard hasElements else { return .content(content) }
                return .element(Self.place(pointer, &elementPointers), content: content)
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
    fileprivate init(_ condition: Condition, _ places: inout PlannedRule.Places) {
        operand = places.operand(condition.path)
        test = condition.test
    }
}

extension PlannedTemplate {
    fileprivate init(_ template: Template, _ places: inout PlannedRule.Places) {
        line = template.line
        parts = template.parts.map { part in
            switch part {
            case .literal(let text): .literal(Array(text.utf8))
            case .value(let path): .value(places.operand(path), path: path.text)
            }
        }
    }
}

extension PlannedSetting {
    fileprivate init(
        _ setting: Setting,
        _ columns: [ColumnDefinition],
        _ places: inout PlannedRule.Places
    ) {
        column = setting.column
        type = columns[setting.column].type
        keep = columns[setting.column].keep
        choices = setting.choices.map { choice in
            PlannedChoice(
                when: choice.when.map { PlannedTest($0, &places) },
                value: PlannedValue(choice.value, &places),
                by: choice.by.map { PlannedTemplate($0, &places) },
                line: choice.line
            )
        }
    }
}

extension PlannedValue {
    fileprivate init(_ rule: ValueRule, _ places: inout PlannedRule.Places) {
        switch rule {
        case .literal(let literal):
            let (value, text) = literal.planned
            self = .literal(value, text: text)
        case .from(let sourced): self = .from(.init(sourced, &places), isDelta: false)
        case .delta(let sourced): self = .from(.init(sourced, &places), isDelta: true)
        case .count(let width?): self = .window(places.operand(width), path: width.text)
        case .count(nil): self = .count
        }
    }
}

extension PlannedSource {
    fileprivate init(_ sourced: SourcedValue, _ places: inout PlannedRule.Places) {
        operand = places.operand(sourced.path)
        path = sourced.path.text
        map = sourced.map?.map { entry in
            let (value, text) = entry.literal.planned
            return (Array(entry.word.utf8), value, text)
        }
        timeFormat = sourced.timeFormat
        isMinor = sourced.isMinor
        scale = sourced.scale
        switch sourced.currency {
        case nil: currency = .none
        case .code(let code)?:
            currency = Currency(code.utf8Span.span).map { .code($0.code) } ?? .none
        case .path(let path)?: currency = .operand(places.operand(path), path: path.text)
        }
        fallback = sourced.fallback?.planned
        isOptional = sourced.isOptional
    }
}

extension Literal {
    /// The value, and its text if it is one.
    var planned: (value: Value, text: [UInt8]) {
        switch self {
        case .word(let place): (Value(first: Int64(place)), [])
        case .text(let text): (Value(first: 0), Array(text.utf8))
        case .integer(let integer): (Value(first: integer), [])
        case .boolean(let isTrue): (Value(first: isTrue ? 1 : 0), [])
        case .time(let time): (Value(first: time), [])
        case .money(let amount, let code):
            // The reader of definitions has refused amounts and codes that are none.
            if let currency = Currency(code.utf8Span.span),
                let minor = ExactDecimal.scaled(amount.utf8Span.span, exponent: currency.exponent)
            {
                (Value(first: minor, second: currency.code), [])
            } else {
                (Value(first: 0), [])
            }
        }
    }
}
