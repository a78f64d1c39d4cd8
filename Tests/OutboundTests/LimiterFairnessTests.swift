import Bytes
import DaybookTesting
import Outbound
import Testing

@Suite("Those who wait for a limit") struct LimiterFairnessTests {
    @Test("callers of unequal load get equal shares", arguments: [1, 2, 3] as [UInt64])
    func shares(seed: UInt64) {
        var simulation = Simulation(
            limits("100/1s"),
            Simulation.Network(),
            [
                .init(name: "hog", workers: 300), .init(name: "much", workers: 100),
                .init(name: "some", workers: 60),
            ],
            seed: seed
        )
        simulation.run(until: 6_000_000)
        // The first hundred are there for whoever comes first.
        let later = simulation.order.dropFirst(100)
        for name in ["hog", "much", "some"] {
            let share = later.count { $0 == name } * 1000 / later.count
            #expect((300...367).contains(share), "\(name) got \(share) of 1000, seed \(seed)")
        }
    }

    @Test("a caller of one call at a time gets in each window however many others ask")
    func small() {
        var simulation = Simulation(
            limits("10/1s"),
            Simulation.Network(),
            [.init(name: "hog", workers: 500), .init(name: "small", workers: 1)],
            seed: 9
        )
        simulation.run(until: 30_000_000)
        #expect(simulation.granted["small", default: 0] >= 28)
        #expect(simulation.provider.arrivals.count >= 285)
    }

    /// A waiting line by lists, with the words of the specification.
    private struct Model {
        var waiting: [(ticket: UInt64, caller: String, patience: Int64)] = []
        var turns: [String] = []

        mutating func drop(_ caller: String) {
            if !waiting.contains(where: { $0.caller == caller }) {
                turns.removeAll { $0 == caller }
            }
        }

        mutating func add(_ ticket: UInt64, _ caller: String, _ patience: Int64) {
            if !turns.contains(caller) { turns.append(caller) }
            waiting.append((ticket, caller, patience))
        }

        mutating func remove(_ ticket: UInt64) {
            guard let index = waiting.firstIndex(where: { $0.ticket == ticket }) else { return }
            drop(waiting.remove(at: index).caller)
        }

        mutating func next() -> UInt64? {
            guard let caller = turns.first,
                let waiter = waiting.first(where: { $0.caller == caller })
            else { return nil }
            turns.removeFirst()
            turns.append(caller)
            remove(waiter.ticket)
            return waiter.ticket
        }

        mutating func expire(before moment: Int64) -> [UInt64] {
            let gone = waiting.filter { $0.patience < moment }
                .sorted { ($0.patience, $0.ticket) < ($1.patience, $1.ticket) }.map(\.ticket)
            for ticket in gone { remove(ticket) }
            return gone
        }
    }

    @Test(
        "turns, order, patience and going away are as in a model of lists",
        arguments: 1...6 as ClosedRange<UInt64>
    )
    func model(seed: UInt64) {
        var chance = SeededChance(seed: seed)
        var limiter = Limiter(ServiceLimits(concurrent: 3), mode: .hold)
        var model = Model()
        var going: [UInt64] = []
        var time: Int64 = 0
        for number in 1...3000 as ClosedRange<UInt64> {
            time += Int64.random(in: 0...3, using: &chance)
            switch Int.random(in: 0..<10, using: &chance) {
            case 0..<6:
                let caller = "c\(Int.random(in: 0..<7, using: &chance))"
                let patience = time + Int64.random(in: 0...120, using: &chance)
                let decision = limiter.ask(
                    .init(number: number),
                    caller: caller,
                    at: at(time),
                    patience: at(patience)
                )
                switch decision {
                case .go:
                    #expect(going.count + model.waiting.count < 3)
                    going.append(number)
                case .wait:
                    #expect(going.count == 3)
                    model.add(number, caller, patience)
                case .refused: #expect(patience == time && going.count == 3)
                }
            case 6..<8:
                guard let done = going.randomElement(using: &chance) else { break }
                going.removeAll { $0 == done }
                limiter.finished(.init(number: done), at: at(time))
            default:
                guard let gone = model.waiting.randomElement(using: &chance) else { break }
                model.remove(gone.ticket)
                limiter.withdraw(.init(number: gone.ticket))
            }
            var expected = model.expire(before: time).map { "no \($0)" }
            while going.count < 3, let next = model.next() {
                going.append(next)
                expected.append("go \(next)")
            }
            expected += model.expire(before: time + 1).map { "no \($0)" }
            #expect(limiter.advance(at: at(time)).map(\.words) == expected, "seed \(seed)")
            let end = model.waiting.map(\.patience).min()
            #expect(limiter.nextMoment == end.map { at($0) })
            #expect(limiter.status(at: at(time)).waiting == model.waiting.count)
        }
    }
}

extension Limiter.Grant {
    var words: String {
        switch self {
        case .go(let ticket): "go \(ticket.number)"
        case .refused(let ticket, _): "no \(ticket.number)"
        }
    }
}

/// So many microseconds after `now`.
func at(_ microseconds: Int64) -> Timestamp { now.moved(by: microseconds) }
