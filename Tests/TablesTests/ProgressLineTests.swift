import Tables
import Testing

@Suite("Progress")
struct ProgressLineTests {
    let second: UInt64 = 1_000_000_000

    private func line(_ width: Int, total: UInt64? = 10_000_000) -> ProgressLine {
        ProgressLine(task: "verify", unit: "events", total: total, width: width)
    }

    @Test(
        "what has no room goes, the rate first and the percentage last",
        arguments: [
            (100, "verify  1,234,567 of 10,000,000 events  12 %  844,000/s  11 s left"),
            (66, "verify  1,234,567 of 10,000,000 events  12 %  844,000/s  11 s left"),
            (65, "verify  1,234,567 of 10,000,000 events  12 %  11 s left"),
            (30, "verify  12 %  11 s left"), (15, "verify  12 %"), (5, "12 %"), (3, "12…"), (0, ""),
        ]
    )
    func bounded(width: Int, text: String) {
        var line = line(width)
        #expect(line.update(done: 1_234_567, elapsed: 1_462_000_000) == text)
    }

    @Test("without a total there is neither percentage nor time left")
    func noTotal() {
        var line = line(80, total: nil)
        #expect(line.update(done: 1000, elapsed: second) == "verify  1,000 events  1,000/s")
        var narrow = self.line(15, total: nil)
        #expect(narrow.update(done: 1000, elapsed: second) == "verify  1,000")
    }

    @Test("before anything is done there is neither rate nor time left")
    func start() {
        var line = line(80)
        #expect(line.update(done: 0, elapsed: 0) == "verify  0 of 10,000,000 events  0 %")
        #expect(line.update(done: 0, elapsed: second) == "verify  0 of 10,000,000 events  0 %")
    }

    @Test("100 % is said only when all is done")
    func whole() {
        var line = line(80, total: 100_000)
        #expect(line.update(done: 99_999, elapsed: second).contains("  99 %  "))
        let end = line.update(done: 100_000, elapsed: second * 2)
        #expect(end.hasPrefix("verify  100,000 of 100,000 events  100 %"))
        #expect(!end.contains("left"))
        var nothing = self.line(80, total: 0)
        #expect(nothing.update(done: 0, elapsed: 0) == "verify  0 of 0 events  100 %")
    }

    @Test("a steady rate is said as it is, and a jump only by and by")
    func smoothed() {
        var line = line(80)
        for i in 1...10 as ClosedRange<UInt64> {
            #expect(line.update(done: i * 1000, elapsed: i * second).contains("  1,000/s  "))
        }
        let jump = line.update(done: 15_000, elapsed: 11 * second)
        #expect(jump.contains("  2,000/s  "))
        var last = jump
        for i in 1...40 as ClosedRange<UInt64> {
            last = line.update(done: 15_000 + i * 5000, elapsed: (11 + i) * second)
        }
        #expect(last.contains("  5,000/s  "))
    }

    @Test(
        "a rate has as many digits as can be read",
        arguments: [
            (1, "0.1/s"), (32, "3.2/s"), (99, "9.9/s"), (123, "12/s"), (9994, "999/s"),
            (9996, "1,000/s"), (12_345_678, "1,230,000/s"),
        ]
    )
    func rate(inTenSeconds: UInt64, text: String) {
        var line = line(80, total: nil)
        #expect(line.update(done: inTenSeconds, elapsed: 10 * second).hasSuffix("  " + text))
    }

    @Test("the time left grows into minutes and hours, and a stall says none")
    func timeLeft() {
        for (total, left) in [(1125, "2 min 5 s"), (4780, "1 h 3 min"), (188_200, "2 d 4 h")]
            as [(UInt64, String)]
        {
            var line = ProgressLine(task: "t", unit: "u", total: total * 10, width: 90)
            #expect(line.update(done: 10_000, elapsed: 1000 * second).hasSuffix("  \(left) left"))
        }
        var line = ProgressLine(task: "t", unit: "u", total: .max, width: 90)
        #expect(!line.update(done: 1, elapsed: 1000 * second).contains("left"))
    }

    @Test("a clock that stands still, or counts that go back, do no harm")
    func oddities() {
        var line = line(120, total: .max)
        for done in [.max, 0, .max - 1, 5] as [UInt64] {
            for elapsed in [0, 1, 1, .max, 7] as [UInt64] {
                #expect(line.update(done: done, elapsed: elapsed).utf8.count <= 120)
            }
        }
    }
}
