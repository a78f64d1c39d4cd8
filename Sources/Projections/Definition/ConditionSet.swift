/// What a rule asks of the value at one path, as far as two rules can be told apart by it.
struct ConditionSet {
    private var isPresent = false
    private var isAbsent = false
    /// Of each list, one text has to fit.
    private var lists: [[(text: String, glob: Glob)]] = []
    private var bounds = NumberRange()

    init(_ tests: [Condition.Test] = []) {
        for test in tests { add(test) }
    }

    mutating func add(_ test: Condition.Test) {
        switch test {
        case .absent: isAbsent = true
        case .present: isPresent = true
        case .isOne(let texts):
            isPresent = true
            lists.append(texts.map { ($0, Glob($0)) })
        case .compares(let comparison, let number):
            isPresent = true
            bounds.narrow(comparison, number)
        }
    }

    /// Whether there is a value that passes all tests; when in doubt there is.
    var isSatisfiable: Bool {
        if isAbsent && isPresent || bounds.isEmpty { return false }
        for (place, list) in lists.enumerated() {
            guard list.contains(where: { bounds.mayContain($0.text) }) else { return false }
            for other in lists[..<place] where !Self.overlap(list, other) { return false }
        }
        return true
    }

    /// Whether some value can pass the tests of both.
    func overlaps(_ other: ConditionSet) -> Bool {
        var both = self
        both.isPresent = isPresent || other.isPresent
        both.isAbsent = isAbsent || other.isAbsent
        both.lists += other.lists
        both.bounds.narrow(to: other.bounds)
        return both.isSatisfiable
    }

    private static func overlap(
        _ a: [(text: String, glob: Glob)],
        _ b: [(text: String, glob: Glob)]
    ) -> Bool {
        a.contains { x in b.contains { y in x.glob.overlaps(y.glob) } }
    }
}

/// The numbers between two bounds; between two integers there are fractions.
struct NumberRange {
    private var lower: (number: Int64, isIncluded: Bool)?
    private var upper: (number: Int64, isIncluded: Bool)?

    mutating func narrow(_ comparison: Comparison, _ number: Int64) {
        switch comparison {
        case .gt: raise((number, false))
        case .gte: raise((number, true))
        case .lt: cut((number, false))
        case .lte: cut((number, true))
        }
    }

    mutating func narrow(to other: NumberRange) {
        if let bound = other.lower { raise(bound) }
        if let bound = other.upper { cut(bound) }
    }

    private mutating func raise(_ bound: (number: Int64, isIncluded: Bool)) {
        guard let lower else { return self.lower = bound }
        if bound.number > lower.number || bound.number == lower.number && !bound.isIncluded {
            self.lower = bound
        }
    }

    private mutating func cut(_ bound: (number: Int64, isIncluded: Bool)) {
        guard let upper else { return self.upper = bound }
        if bound.number < upper.number || bound.number == upper.number && !bound.isIncluded {
            self.upper = bound
        }
    }

    var isEmpty: Bool {
        guard let lower, let upper else { return false }
        return lower.number > upper.number
            || lower.number == upper.number && !(lower.isIncluded && upper.isIncluded)
    }

    /// Whether a text may be a number of the range; one that is no integer may be.
    func mayContain(_ text: String) -> Bool {
        guard let number = Int64(text) else { return true }
        var point = self
        point.raise((number, true))
        point.cut((number, true))
        return !point.isEmpty
    }
}
