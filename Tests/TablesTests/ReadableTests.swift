import Tables
import Testing

@Suite("Figures")
struct ReadableTests {
    @Test(
        "thousands are separated",
        arguments: [
            (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"),
            (UInt64.max, "18,446,744,073,709,551,615"),
        ]
    )
    func grouped(value: UInt64, text: String) {
        #expect(Readable.grouped(value) == text)
    }

    @Test(
        "bytes are counted in binary units",
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"),
            (102_348, "99.9 KiB"), (102_400, "100 KiB"), (1_023_488, "1.0 MiB"),
            (1_048_575, "1.0 MiB"), (10_000_000_000, "9.3 GiB"), (1 << 40, "1.0 TiB"),
            (1 << 50, "1.0 PiB"), (UInt64.max, "16.0 EiB"),
        ]
    )
    func bytes(count: UInt64, text: String) {
        #expect(Readable.bytes(count) == text)
    }

    @Test(
        "times have three digits up to a minute and two units from then on",
        arguments: [
            (0, "0 ns"), (999, "999 ns"), (1000, "1.00 µs"), (12_345, "12.3 µs"),
            (999_499, "999 µs"), (999_500, "1.00 ms"), (9_995_000, "10.0 ms"),
            (1_234_000_000, "1.23 s"), (59_949_999_999, "59.9 s"), (59_950_000_000, "1 min"),
            (125_400_000_000, "2 min 5 s"), (3_780_000_000_000, "1 h 3 min"),
            (UInt64.max, "213,503 d 23 h"),
        ]
    )
    func duration(nanoseconds: UInt64, text: String) {
        #expect(Readable.duration(nanoseconds) == text)
    }

    @Test(
        "spans of time are said in their two largest units",
        arguments: [
            (0, "0 s"), (10, "10 s"), (59, "59 s"), (60, "1 min"), (125, "2 min 5 s"),
            (3599, "59 min 59 s"), (3600, "1 h"), (3780, "1 h 3 min"), (86_399, "23 h 59 min"),
            (187_200, "2 d 4 h"),
        ]
    )
    func span(seconds: UInt64, text: String) {
        #expect(Readable.span(seconds: seconds) == text)
    }

    @Test("colours mark text only if they are on, and end only themselves")
    func colours() {
        let on = Colours(on: true)
        let off = Colours(on: false)
        #expect(on.bold("a" + on.red("b")) == "\u{1B}[1ma\u{1B}[31mb\u{1B}[39m\u{1B}[22m")
        #expect(on.green("x") + on.yellow("y") == "\u{1B}[32mx\u{1B}[39m\u{1B}[33my\u{1B}[39m")
        #expect(on.dim("") == "")
        #expect(off.bold(off.red(off.dim(off.green(off.yellow("a"))))) == "a")
    }
}
