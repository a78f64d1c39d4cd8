internal import YAML

/// Checks that no event fits two rules, which would make the file's meaning hang on chance.
struct Disjointness {
    private let rules: [(line: Int, asked: [ValuePath: ConditionSet])]

    init(_ rules: [Rule]) {
        self.rules = rules.map { ($0.line, Self.asked($0)) }
    }

    /// The lines of the first two rules that some event could both fit.
    var overlap: (first: Int, second: Int)? {
        for (place, rule) in rules.enumerated() {
            for other in rules[..<place] where Self.overlap(rule.asked, other.asked) {
                return (other.line, rule.line)
            }
        }
        return nil
    }

    private static func overlap(
        _ a: [ValuePath: ConditionSet],
        _ b: [ValuePath: ConditionSet]
    ) -> Bool {
        for (path, asked) in a {
            if let other = b[path], !asked.overlaps(other) { return false }
        }
        return true
    }

    private static func asked(_ rule: Rule) -> [ValuePath: ConditionSet] {
        var asked: [ValuePath: ConditionSet] = [:]
        for (attribute, patterns) in rule.from {
            asked[.attribute(attribute), default: ConditionSet()].add(.isOne(patterns))
        }
        // No rejected event fits a rule that does not say so.
        if !rule.takesRejected {
            let effective = ["accepted", "succeeded", "failed"]
            asked[.attribute(.outcome), default: ConditionSet()].add(.isOne(effective))
        }
        for condition in rule.when {
            // Under `each` a path leads to one value for each element: they can differ, and
            // then one event fits both rules.
            if rule.each != nil, case .content = condition.path { continue }
            if case .element = condition.path { continue }
            asked[condition.path, default: ConditionSet()].add(condition.test)
        }
        return asked
    }
}
