import Bytes
import DaybookTesting
import Digest
import Ledger

extension TemporaryLedger {
    /// Appends events of every sort until there are at least `size`, and changes the key
    /// `rotations` times on the way.
    func fillMixed(_ size: UInt64, rotations: Int = 3, seed: UInt64 = 1) throws {
        let ledger = try open(appends: true)
        defer { ledger.close() }
        guard let writer = ledger.writer else { return }
        var chance = SeededChance(seed: seed)
        var number = 0
        var now: UInt64 = 1
        var rotated = 0
        while now < size {
            let group = mixedGroup(&number, &chance)
            let receipts = try writer.append(group)
            now = (receipts.last?.sequence ?? now) + 1
            if rotated < rotations, now > size * UInt64(rotated + 1) / UInt64(rotations + 1) {
                now = try ledger.rotateKey().receipt.sequence + 1
                rotated += 1
            }
        }
    }

    /// Thirteen events without bodies after the first, each in a commit of its own; event 7 changes
    /// the key.
    func fillPlain() throws {
        let ledger = try open(appends: true)
        defer { ledger.close() }
        for number in 1...13 {
            if number == 7 {
                _ = try ledger.rotateKey()
            } else {
                _ = try ledger.writer?.append([.bodiless(number)])
            }
        }
    }

    private func mixedGroup(_ number: inout Int, _ chance: inout SeededChance) -> [Draft] {
        var group: [Draft] = []
        for _ in 0..<Int.random(in: 1...6, using: &chance) {
            let earlier = Int.random(in: 0...max(0, number - 1), using: &chance)
            switch Int.random(in: 0..<10, using: &chance) {
            case 0 where number > 0: group.append(.sample(earlier))
            case 1 where number > 0: group.append(.sample(earlier, content: "other \(number)"))
            case 2: group.append(.sample(100_000 + number, outcome: .rejected))
            case 3: group.append(.bodiless(number))
            default: group.append(.sample(number))
            }
            number += 1
        }
        return group
    }
}

extension Draft {
    /// A fact that says all there is in its line.
    static func bodiless(_ number: Int, source: String = "plain") -> Draft {
        Draft(source: source, id: "fact-\(number)", type: "stock.counted", kind: .fact)
    }
}
