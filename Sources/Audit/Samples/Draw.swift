internal import Bytes
internal import Ledger
internal import Projections

/// A draw from chosen events: the strata, and who won in each.
struct Draw {
    private(set) var strata: [Stratum] = []
    /// The winners, each with the index of its stratum.
    private(set) var lots: [(lot: Lot, stratum: Int)] = []

    /// Draws as a query says.
    init(_ query: SampleQuery, _ chosen: SequenceRanges, _ views: Views) throws {
        guard let bands = query.bands else {
            let share = min(query.count, Int(chosen.count))
            var smallest = SmallestLots(share)
            chosen.forEach { smallest.add(Lot(seed: query.seed, sequence: $0)) }
            strata = [Stratum(name: "all", size: Int(chosen.count), share: share, amounts: nil)]
            lots = smallest.winners().map { ($0, 0) }
            return
        }
        guard chosen.count <= Sample.stratifiedLimit else {
            throw AuditProblem.refused(
                "\(chosen.count) events cannot be cut into strata, at most "
                    + "\(Sample.stratifiedLimit) can; narrow the population"
            )
        }
        let parts = try Self.parts(chosen, bands, views)
        let shares = Strata.shares(of: query.count, among: parts.map(\.sequences.count))
        for (index, (part, share)) in zip(parts, shares).enumerated() {
            var smallest = SmallestLots(share)
            for sequence in part.sequences {
                smallest.add(Lot(seed: query.seed, sequence: sequence))
            }
            strata.append(
                Stratum(
                    name: part.name,
                    size: part.sequences.count,
                    share: share,
                    amounts: part.amounts
                )
            )
            lots += smallest.winners().map { ($0, index) }
        }
    }

    private struct Part {
        let name: String
        let amounts: (currency: Currency, range: ClosedRange<Int64>)?
        let sequences: [UInt64]
    }

    /// Bands of each currency by its code, then what says no amount.
    private static func parts(
        _ chosen: SequenceRanges,
        _ bands: Int,
        _ views: Views
    ) throws -> [Part] {
        var byCurrency: [Currency: [(amount: Int64, sequence: UInt64)]] = [:]
        var speaking = SequenceRanges()
        try forEachFirstAmount(of: chosen, views) { amount in
            byCurrency[amount.currency, default: []].append((amount.amount, amount.sequence))
            speaking.append(amount.sequence)
        }
        var parts: [Part] = []
        for (currency, var amounts) in byCurrency.sorted(by: { $0.key.text < $1.key.text }) {
            amounts.sort { $0 < $1 }
            for (index, band) in Strata.bands(of: amounts.count, bands).enumerated() {
                let low = amounts[band.lowerBound].amount
                let high = amounts[band.upperBound - 1].amount
                parts.append(
                    Part(
                        name: "\(currency.text) \(index + 1)",
                        amounts: (currency, low...high),
                        sequences: amounts[band].map(\.sequence)
                    )
                )
            }
        }
        var rest: [UInt64] = []
        chosen.forEach { if !speaking.contains($0) { rest.append($0) } }
        if !rest.isEmpty { parts.append(Part(name: "no amount", amounts: nil, sequences: rest)) }
        return parts
    }

    /// The first amount of each drawn event that says one.
    func amountsOfDrawn(_ views: Views) throws -> [UInt64: EventAmount] {
        let drawn = SequenceRanges(lots.map { $0.lot.sequence..<$0.lot.sequence + 1 })
        var amounts: [UInt64: EventAmount] = [:]
        try Self.forEachFirstAmount(of: drawn, views) { amounts[$0.sequence] = $0 }
        return amounts
    }

    private static func forEachFirstAmount(
        of chosen: SequenceRanges,
        _ views: Views,
        _ body: (EventAmount) -> Void
    ) throws {
        var last: UInt64?
        try views.forEachAmount(of: chosen) { amount in
            guard amount.sequence != last else { return }
            last = amount.sequence
            body(amount)
        }
    }
}
