internal import Bytes
internal import Ledger

/// Finds the rules for a line: each combination of attributes that rules go by is looked at once.
struct Selection {
    private let plan: Plan
    private var combinations = NameTable()
    /// For each combination its rules' range in `rules`.
    private var ranges: [Range<Int>] = []
    private(set) var rules: [Int] = []
    private var key: [UInt8] = []
    /// The combination before, as many events in a row are alike.
    private var lastNumber = -1

    /// Beyond so many, which only attributes of endless variety make, nothing is remembered.
    private static let limit = 4096

    init(_ plan: Plan) { self.plan = plan }

    /// The places in `rules` of the rules whose `from` a line fits.
    mutating func rules(for line: borrowing Line) -> Range<Int> {
        key.removeAll(keepingCapacity: true)
        for attribute in plan.selectors {
            if let raw = line.raw(attribute) { key.append(span: raw) }
            key.append(0)
        }
        if lastNumber >= 0, combinations[lastNumber].equals(key.span) { return ranges[lastNumber] }
        if let number = combinations.find(key.span) {
            lastNumber = number
            return ranges[number]
        }
        if combinations.count >= Self.limit { self = Selection(plan) }
        let key = key
        lastNumber = combinations.number(of: key.span)
        let start = rules.count
        rules.append(contentsOf: plan.candidates(for: line))
        ranges.append(start..<rules.count)
        return start..<rules.count
    }
}
