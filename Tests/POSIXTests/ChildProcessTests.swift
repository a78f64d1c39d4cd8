import POSIX
import Testing

@Suite("A program that is run beside this one", .serialized) struct ChildProcessTests {
    struct Run: Sendable {
        var output: [UInt8] = []
        var error: [UInt8] = []
        var ending: ChildProcess.Ending?
    }

    private func run(_ words: [String], milliseconds: UInt64? = nil) throws -> Run {
        var run = Run()
        var signals = StopSignals()
        run.ending = try ChildProcess.run(
            words,
            milliseconds: milliseconds,
            signals: &signals
        ) { stream, bytes in
            bytes.withUnsafeBufferPointer { bytes in
                if stream == .output { run.output += bytes } else { run.error += bytes }
            }
        }
        return run
    }

    @Test(
        "its end is told as it was",
        arguments: [
            ("exit 0", ChildProcess.Ending.exited(0)), ("exit 7", .exited(7)),
            ("exit 255", .exited(255)), ("kill -9 $$", .killed(signal: 9)),
            ("kill -TERM $$", .killed(signal: 15)),
        ]
    )
    func endings(script: String, ending: ChildProcess.Ending) throws {
        #expect(try run(["sh", "-c", script]).ending == ending)
    }

    @Test("its two outputs come whole and apart, however long they are")
    func outputs() throws {
        let script = "head -c 300000 /dev/zero; head -c 200000 /dev/zero >&2; echo end"
        let run = try run(["sh", "-c", script])
        #expect(run.output.count == 300_004)
        #expect(run.error.count == 200_000)
        #expect(Array(run.output.suffix(4)) == Array("end\n".utf8))
    }

    @Test("words reach it as they are: there is no shell")
    func words() throws {
        let words = ["a b", "$HOME", "`id`", "", "ü", "*"]
        let run = try run(["printf", "%s|"] + words)
        #expect(run.output == Array(words.map { $0 + "|" }.joined().utf8))
    }

    @Test("one that is not there is named")
    func missing() throws {
        let error = #expect(throws: SystemError.self) { try run(["no-such-program"]) }
        #expect(error?.description.contains("no-such-program") == true)
    }

    @Test("one that runs too long is stopped")
    func late() throws {
        #expect(try run(["sleep", "30"], milliseconds: 50).ending == .timedOut)
    }

    @Test("one that left something running is not waited for longer than it lives")
    func lingering() throws {
        let run = try run(["sh", "-c", "sleep 30 & echo done"])
        #expect(run.ending == .exited(0))
        #expect(run.output == Array("done\n".utf8))
    }

    @Test("one that closes its outputs is still waited for")
    func closed() throws {
        let run = try run(["sh", "-c", "exec >&- 2>&-; sleep 0.3; exit 5"])
        #expect(run.ending == .exited(5))
    }
}
