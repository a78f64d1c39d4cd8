import Testing

@testable import Projections

@Suite("Refused: derived columns")
struct DefinitionDerivationRefusalTests {
    static let cases = RefusalCase.list(
        #"""
        state: { sum: [size] }
        => 18:3: found "state" a second time, expected it at line 5 only
        item: { sum: [size] }
        => 18:3: found "item" a second time, expected it at line 3 only
        now: { sum: [size] }
        => 18:3: found "now", expected another name: now is the moment asked about
        A: { sum: [size] }
        => 18:3: found "A", expected a name such as placed_at, of a to z, 0 to 9 and _, at most \#
        63 characters
        a: size
        => 18:6: found "size", expected a list of choices, or such as { sum: [a, b] }
        a: {}
        => 18:6: found no operation, expected one of sum, subtract, ratio, age, currency, \#
        percentile, peak, peak_at, reached
        a: { total: [size] }
        => 18:8: unknown key "total", expected one of sum, subtract, ratio, age, currency, \#
        percentile, peak, peak_at, reached, times, at, of, percent
        a: { sum: size }
        => 18:13: found "size", expected a list
        a: { sum: [] }
        => 18:13: found 0 columns, expected 1 to 64
        a: { sum: [siz] }
        => 18:14: found "siz", expected "size"
        a: { sum: [note] }
        => 18:14: column "note" holds text, expected a column of type integer or money
        a: { sum: [size, paid] }
        => 18:20: column "paid" holds money, expected a column of type integer
        a: { sum: [refunds] }
        => 18:14: column "refunds" holds several values, expected a column of type integer or \#
        money
        a: { subtract: [size] }
        => 18:18: found 1 columns, expected 2 to 64
        a: { sum: [a] }
        => 18:14: column "a" is derived at line 18, not before this one, expected a stored \#
        column or one derived before
        a: { sum: [b] }⏎  b: { sum: [size] }
        => 18:14: column "b" is derived at line 19, not before this one, expected a stored \#
        column or one derived before
        a: { sum: [item] }
        => 18:14: found the key, expected a stored or a derived column
        a: { sum: [size], subtract: [size, stock] }
        => 18:21: found "subtract" beside "sum", expected one of them
        a: { sum: [size], percent: 80 }
        => 18:21: found "percent" beside "sum", expected it with percentile or reached only
        a: { ratio: [size, times], at: seen }
        => 18:30: found "at" beside "ratio", expected it with age only
        a: { age: seen, times: 7 }
        => 18:19: found "times" beside "age", expected it with ratio only
        a: { ratio: [size] }
        => 18:15: found 1 columns, expected 2 to 2
        a: { ratio: [size, times, stock] }
        => 18:15: found 3 columns, expected 2 to 2
        a: { ratio: [size, paid] }
        => 18:22: column "paid" holds money, expected a column of type integer
        a: { ratio: [size, times], times: 0 }
        => 18:37: found "0", expected an integer from 1 to 1000000
        a: { age: size }
        => 18:13: column "size" holds integer, expected a column of type time
        a: { age: now }
        => 18:13: found "now", expected "seen"
        a: { age: seen, at: note }
        => 18:23: column "note" holds text, expected a column of type time
        a: { currency: size }
        => 18:18: column "size" holds integer, expected a column of type money
        a: { percentile: calls, percent: 50 }
        => 18:20: column "calls" has no quantiles, expected a column with keep quantiles
        a: { peak: size }
        => 18:14: column "size" has no windows, expected a column with keep window
        a: { peak: [calls] }
        => 18:14: found a list, expected a text
        a: { peak_at: b }
        => 18:17: found "b", expected one of state, best, note, tags, size, paid, seen, live, \#
        times, stock, calls, refunds
        a: { reached: calls }
        => 18:6: missing key "percent"
        a: { reached: calls, of: size }
        => 18:6: missing key "percent"
        a: { reached: calls, percent: 80 }
        => 18:6: missing key "of"
        a: { reached: calls, of: note, percent: 80 }
        => 18:28: column "note" holds text, expected a column of type integer
        a: { reached: size, of: size, percent: 80 }
        => 18:17: column "size" has no windows, expected a column with keep window
        a: { reached: calls, of: size, percent: 0 }
        => 18:43: found "0", expected an integer from 1 to 100
        a: { reached: calls, of: size, percent: 101 }
        => 18:43: found "101", expected an integer from 1 to 100
        a: { reached: calls, of: size, percent: 80% }
        => 18:43: found "80%", expected one of size, times, stock, calls
        a: []
        => 18:6: found 0 choices, expected 1 to 64
        a: [x]
        => 18:7: found "x", expected a mapping
        a: [ { when: { state: open } } ]
        => 18:8: found no value, expected "is" or "as"
        a: [ { is: x, as: note } ]
        => 18:8: found "is" beside "as", expected one of them
        a: [ { is: [x] } ]
        => 18:14: found a list, expected a word, an integer or a boolean
        a: [ { is: } ]
        => 18:14: found nothing, expected a word, an integer or a boolean
        a: [ { is: x }, { is: y } ]
        => 18:19: never reached: the choice at line 18 always holds, expected it last
        a: [ { when: { state: open }, is: x }, { is: 1 } ]
        => 18:42: found a choice of type integer, expected type enum as of the choices before
        a: [ { as: tags } ]
        => 18:14: column "tags" holds several values, expected a column with one value
        a: [ { as: refunds } ]
        => 18:14: column "refunds" holds several values, expected a column with one value
        a: [ { as: later } ]⏎  later: { sum: [size] }
        => 18:14: column "later" is derived at line 19, not before this one, expected a stored \#
        column or one derived before
        a: [ { when: { state: opne }, is: x } ]
        => 18:25: found "opne", expected "open"
        a: [ { when: { state: [open, lst] }, is: x } ]
        => 18:32: found "lst", expected "lost"
        a: [ { when: { stat: open }, is: x } ]
        => 18:18: found "stat", expected "state"
        a: [ { when: { state: { gt: 1 } }, is: x } ]
        => 18:25: found a comparison of column "state", which holds enum, expected comparisons \#
        of integer, money and time columns only
        a: [ { when: { tags: x }, is: x } ]
        => 18:24: found a value for column "tags", which holds several values, expected present \#
        or absent
        a: [ { when: { refunds: x }, is: x } ]
        => 18:27: found a value for column "refunds", which holds several values, expected \#
        present or absent
        a: [ { when: { size: big }, is: x } ]
        => 18:24: found "big", expected an integer
        a: [ { when: { live: yes }, is: x } ]
        => 18:24: found "yes", expected true or false
        a: [ { when: { seen: 2026-01-01T00:00:00Z }, is: x } ]
        => 18:24: found a value for column "seen", which holds time, expected present, absent \#
        or a comparison
        a: [ { when: { size: { gt: big } }, is: x } ]
        => 18:30: found "big", expected one of size, times, stock, calls
        a: [ { when: { size: { gt: sze } }, is: x } ]
        => 18:30: found "sze", expected "size"
        a: [ { when: { size: { gt: note } }, is: x } ]
        => 18:30: column "note" holds text, expected a column of type integer
        a: [ { when: { size: { gt: now } }, is: x } ]
        => 18:30: found "now", expected one of size, times, stock, calls
        a: [ { when: { seen: { lt: 5 } }, is: x } ]
        => 18:30: found "5", expected a time such as 2026-02-01T10:00:00Z, now, or a time \#
        column
        a: [ { when: { seen: { lt: 2026-01-01 } }, is: x } ]
        => 18:30: found "2026-01-01", expected a time such as 2026-02-01T10:00:00Z, now, or a \#
        time column
        a: [ { when: { seen: { lt: nwo } }, is: x } ]
        => 18:30: found "nwo", expected "now"
        a: [ { when: { seen: { lt: } }, is: x } ]
        => 18:30: found nothing, expected a time, now, or a time column
        a: [ { when: { seen: { before: now } }, is: x } ]
        => 18:26: unknown key "before", expected one of lt, lte, gt, gte
        a: [ { when: {}, is: x } ]
        => 18:16: found 0 conditions, expected 1 to 32
        a: [ { when: { size: [present] }, is: x } ]
        => 18:25: found "present", expected it alone, or in quotes if it is a value
        a: [ { when: { paid: { gt: 5 } }, is: x } ]
        => 18:30: found "5", expected a money column
        a: [ { when: { state: open }, is: x }, { is: y } ]⏎  b: [ { when: { a: z }, is: 1 } ]
        => 19:21: found "z", expected "x"
        """#
    )

    @Test("each slip is told with its place and what was expected", arguments: cases)
    func refusal(of refused: RefusalCase) {
        let text = Sample.definition(derive: refused.fragment)
        #expect(Sample.refusal(of: text) == "p.yaml:\(refused.message)")
    }
}
