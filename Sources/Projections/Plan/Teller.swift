internal import Bytes
internal import JSON

/// Works out what one event, or one element of it, tells a row.
struct Teller {
    private let rule: PlannedRule
    /// When the event was recorded, in microseconds since 1970.
    private let recorded: Int64

    init(_ rule: PlannedRule, _ recorded: Int64) {
        self.rule = rule
        self.recorded = recorded
    }

    /// Whether the rule's `when` holds.
    func fits(_ reading: Reading) -> Bool {
        for test in rule.when where !test.holds(reading) { return false }
        return true
    }

    /// Adds a row's facts, or those of several where the key has a list; `false` if the rule's
    /// `when` does not hold, or if the list is empty.
    func tell(_ reading: Reading, _ facts: inout EventFacts) throws(Misfit) -> Bool {
        guard fits(reading) else { return false }
        for part in rule.key.parts {
            guard case .value(let operand, _) = part, reading.value(operand).kind == .array,
                let members = reading.list(operand)
            else { continue }
            for member in members { try tell(reading, member: member, &facts) }
            return !members.isEmpty
        }
        try tell(reading, member: nil, &facts)
        return true
    }

    private func tell(
        _ reading: Reading,
        member: Int?,
        _ facts: inout EventFacts
    ) throws(Misfit) {
        let name = facts.bytes.count
        try Names.fill(rule.key, reading, member: member, &facts.bytes)
        try Names.check(facts.bytes.span, from: name, rule.key.line)
        let end = facts.bytes.count
        let at = try moment(reading)
        let firstFact = facts.facts.count
        for setting in rule.settings { try tell(setting, reading, at, &facts) }
        let firstLink = facts.links.count
        for link in rule.links { try Names.addLinks(link, reading, &facts) }
        facts.rows.append(
            EventFacts.Row(
                name: name..<end,
                at: at,
                facts: firstFact..<facts.facts.count,
                links: firstLink..<facts.links.count
            )
        )
    }

    private func moment(_ reading: Reading) throws(Misfit) -> Int64 {
        guard let at = rule.at else { return recorded }
        let value = reading.value(at.operand)
        guard let moment = Moments.read(value, at.format) else {
            throw Misfit(
                at.line,
                "found \(value.finding) at \(at.path), expected \(Moments.expected(at.format))"
            )
        }
        guard moment >= FoldLimits.earliestMoment,
            moment <= recorded + FoldLimits.futureMicroseconds
        else {
            throw Misfit(
                at.line,
                "the moment at \(at.path) is absurd, expected one after 1970 and at most "
                    + "400 days after the event was recorded"
            )
        }
        return moment
    }

    private func tell(
        _ setting: PlannedSetting,
        _ reading: Reading,
        _ at: Int64,
        _ facts: inout EventFacts
    ) throws(Misfit) {
        for choice in setting.choices where choice.when.allSatisfy({ $0.holds(reading) }) {
            let maker = ValueMaker(setting: setting, choice: choice, moment: at)
            var by = 0..<0
            if let template = choice.by {
                let start = facts.bytes.count
                try Names.fill(template, reading, &facts.bytes)
                try Names.check(facts.bytes.span, from: start, template.line)
                by = start..<facts.bytes.count
            }
            try maker.make(reading, by, &facts)
            return
        }
    }
}

extension PlannedTest {
    /// Whether it holds for an event.
    func holds(_ reading: Reading) -> Bool {
        let value = reading.value(operand)
        switch test {
        case .present: return value.isPresent
        case .absent: return !value.isPresent
        case .isOne(let patterns):
            for pattern in patterns where value.equals(pattern) { return true }
            return false
        case .compares(let comparison, let number):
            guard value.isScalar, let found = ExactDecimal.compare(value.text, number) else {
                return false
            }
            return comparison.holds(found)
        }
    }
}
