import DaybookTesting
import Foundation

/// Cron as simply as it can be said: whether a minute fits, by the fields' text.
struct CronModel {
    private let texts: [Substring]
    /// What each field lists; without ends it is `*`.
    private let fields: [[(low: Int?, high: Int?, step: Int)]]
    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .current
        return calendar
    }()

    init(_ text: String) {
        texts = text.split(separator: " ")
        fields = texts.map { field in
            field.split(separator: ",").map { item in
                let parts = item.split(separator: "/").map(String.init)
                let ends = parts[0].split(separator: "-").map { Int($0) ?? 0 }
                let step = parts.count > 1 ? Int(parts[1]) ?? 1 : 1
                return parts[0] == "*" ? (nil, nil, step) : (ends.first, ends.last, step)
            }
        }
    }

    /// The minutes of a range, counted from 1970-01-01 by the clocks of the place, that fit.
    func minutes(in range: Range<Int64>) -> [Int64] {
        var found: [Int64] = []
        for day in range.lowerBound / 1440...(range.upperBound - 1) / 1440 where fits(day: day) {
            for ofDay in 0..<1440 as Range<Int64> where range.contains(day * 1440 + ofDay) {
                if holds(1, Int(ofDay / 60), first: 0), holds(0, Int(ofDay % 60), first: 0) {
                    found.append(day * 1440 + ofDay)
                }
            }
        }
        return found
    }

    private func fits(day: Int64) -> Bool {
        let parts = Self.calendar.dateComponents(
            [.day, .month, .weekday],
            from: Date(timeIntervalSince1970: Double(day * 86_400))
        )
        guard holds(3, parts.month, first: 1) else { return false }
        let weekday = (parts.weekday ?? 1) - 1
        let day = holds(2, parts.day, first: 1)
        let week = holds(4, weekday, first: 0) || weekday == 0 && holds(4, 7, first: 0)
        let isStarred = texts[2].hasPrefix("*") || texts[4].hasPrefix("*")
        return isStarred ? day && week : day || week
    }

    private func holds(_ field: Int, _ value: Int?, first: Int) -> Bool {
        guard let value else { return false }
        return fields[field].contains { item in
            // Sunday's other name is not part of *.
            guard let low = item.low, let high = item.high else {
                return (value - first) % item.step == 0 && !(field == 4 && value == 7)
            }
            return (low...high).contains(value) && (value - low) % item.step == 0
        }
    }
}

/// Makes schedules by chance.
enum CronMaker {
    static func text(_ chance: inout SeededChance) -> String {
        [
            field(0...59, &chance), field(0...23, &chance), field(1...31, &chance),
            field(1...12, &chance), field(0...7, &chance),
        ].joined(separator: " ")
    }

    private static func field(_ range: ClosedRange<Int>, _ chance: inout SeededChance) -> String {
        if Int.random(in: 0..<3, using: &chance) == 0 { return "*" }
        return (0..<Int.random(in: 1...3, using: &chance))
            .map { _ in item(range, &chance) }.joined(separator: ",")
    }

    private static func item(_ range: ClosedRange<Int>, _ chance: inout SeededChance) -> String {
        let step = Int.random(in: 1...9, using: &chance)
        let low = Int.random(in: range, using: &chance)
        let high = Int.random(in: low...range.upperBound, using: &chance)
        switch Int.random(in: 0..<4, using: &chance) {
        case 0: return "*/\(min(step, range.count))"
        case 1: return "\(low)-\(high)"
        case 2: return "\(low)-\(high)/\(min(step, range.count))"
        default: return "\(low)"
        }
    }
}
