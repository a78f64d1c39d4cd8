internal import YAML

/// Runs the cases of a projection.
struct CaseRunner {
    private let plan: Plan
    private let maker: RowMaker

    init(_ definition: Definition) {
        plan = Plan(definition)
        maker = RowMaker(definition)
    }

    /// Runs a case in its orders: with repeats in half of them, and each a second time folded in
    /// parts that are merged, as a rebuild does.
    ///
    /// All orders must make what the case expects, and all the same rows, down to the columns that
    /// the case does not name.
    func run(_ story: ProjectionCase) throws -> CaseReport {
        var chance = CaseChance(seed: 1)
        var first: CaseState?
        var collected = Collected()
        let orders = CaseOrders(events: story.given.count, isInOrder: story.isInOrder)
        try orders.forEach(&chance) { order, chance in
            let arrivals = CaseArrivals(story, order, &chance)
            let parts = Self.parts(of: arrivals.arrivals.count, &chance)
            let whole = try CaseState(plan, maker, arrivals)
            let merged = try CaseState(plan, maker, arrivals, parts: parts)
            var failures: [CaseFailure] = []
            for (state, parts) in [(whole, 1), (merged, parts.count)] {
                var comparison = CaseComparison(
                    arrivals,
                    parts: parts,
                    takesRejected: plan.takesRejected
                )
                comparison.compare(state, with: story.expected)
                if comparison.failures.isEmpty, let first {
                    comparison.compare(state, with: first)
                }
                failures += comparison.failures
            }
            first = first ?? whole
            return collected.add(failures)
        }
        return CaseReport(
            file: story.place.file,
            line: story.place.line,
            name: story.name,
            orders: collected.orders,
            failedOrders: collected.failedOrders,
            failures: collected.failures
        )
    }

    /// Two or three ranges, some of which may be empty, in an order of their own.
    private static func parts(of count: Int, _ chance: inout CaseChance) -> [Range<Int>] {
        let cuts = (0...Int.random(in: 0...1, using: &chance))
            .map { _ in Int.random(in: 0...count, using: &chance) }
            .sorted()
        let bounds = [0] + cuts + [count]
        return zip(bounds, bounds.dropFirst()).map { $0..<$1 }.shuffled(using: &chance)
    }

    private struct Collected {
        var orders = 0
        var failedOrders = 0
        var failures: [CaseFailure] = []
        private var seen: Set<[String]> = []

        /// Takes the failures of an order; `false` when enough have been seen.
        mutating func add(_ new: [CaseFailure]) -> Bool {
            orders += 1
            if !new.isEmpty { failedOrders += 1 }
            for failure in new where seen.insert(["\(failure.subject)", failure.found]).inserted {
                failures.append(failure)
                if failures.count == CaseLimits.listedFailures { return false }
            }
            return true
        }
    }
}
