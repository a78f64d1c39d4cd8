import Bytes
import Ledger
import Outbound
import POSIX
import Testing

@Suite("A sync's run") struct SyncRunTests {
    private func run(_ output: String, error: String = "") -> SyncRun {
        var run = SyncRun(
            name: "products",
            program: "push",
            at: Timestamp(microseconds: 1_769_940_000_000_000)
        )
        run.take(.output, output.utf8Span.span)
        run.take(.error, error.utf8Span.span)
        return run
    }

    @Test(
        "its numbers are those of the last line that is not empty",
        arguments: [
            ("{\"records\":5}\n", 5, nil), ("x\n{\"records\":5,\"errors\":2}\n\n \n", 5, 2),
            ("{\"records\":1}\n{\"records\":7}", 7, nil), ("{\"records\":1}\ndone\n", nil, nil),
            ("{\"records\":-1}", nil, nil), ("{\"records\":\"5\"}", nil, nil),
            ("{\"records\":1.5}", nil, nil), ("[5]", nil, nil), ("", nil, nil), ("{", nil, nil),
        ] as [(String, UInt64?, UInt64?)]
    )
    func counts(output: String, records: UInt64?, errors: UInt64?) {
        let counts = run(output).counts
        #expect(counts.records == records)
        #expect(counts.errors == errors)
    }

    @Test("it fails by its status, a signal, its time, and by counts that differ")
    func failures() {
        let good = run("{\"source_count\":5,\"destination_count\":5}")
        let bad = run("{\"source_count\":5,\"destination_count\":4}")
        let half = run("{\"source_count\":5}")
        #expect(good.failure(.ended(.exited(0))) == nil)
        #expect(half.failure(.ended(.exited(0))) == nil)
        let reason = "the counts differ: 5 at the source, 4 at the destination"
        #expect(bad.failure(.ended(.exited(0))) == reason)
        #expect(good.failure(.ended(.exited(3))) == "exit status 3")
        #expect(good.failure(.ended(.killed(signal: 9))) == "it was ended by signal 9")
        #expect(good.failure(.ended(.timedOut)) == "it ran too long and was stopped")
        #expect(good.failure(.notStarted("no")) == "not started: no")
    }

    private static func parts(_ draft: Draft) throws -> (meta: String, content: [UInt8]) {
        let record = try #require(draft.body).record
        let bytes = record.span
        guard let layout = BodyLayout(bytes) else { throw NoBody() }
        return (
            String(decoding: record[layout.meta], as: UTF8.self), Array(record[layout.content])
        )
    }

    private struct NoBody: Error {}

    @Test("its event says what came of it")
    func event() throws {
        let run = run("{\"records\":5,\"errors\":1}\n", error: "careful\n")
        let draft = run.draft(.ended(.exited(2)), milliseconds: 1234, keepsOutput: true)
        #expect(draft.outcome == .failed)
        let expected: [(Attribute, String)] = [
            (.source, "products"), (.sync, "products"), (.type, "sync.failed"), (.kind, "sync"),
            (.subject, "sync:products"), (.time, "2026-02-01T10:00:00Z"),
            (.reason, "exit status 2"),
        ]
        for (attribute, value) in expected { #expect(draft[attribute] == value) }
        let (meta, content) = try Self.parts(draft)
        #expect(
            String(decoding: content, as: UTF8.self) == "{\"records\":5,\"errors\":1}\ncareful\n"
        )
        #expect(
            meta == #"{"sync":{"exit":2,"lengths":[25,8],"program":"push","written":[25,8]}}"#
        )
    }

    @Test("of a long output the end is kept, and its length is told; of a private one nothing")
    func bounds() throws {
        var run = run("")
        let piece = [UInt8](repeating: 0x61, count: 50_000)
        for _ in 0..<10 { run.take(.output, piece.span) }
        run.take(.output, "{\"records\":9}".utf8Span.span)
        #expect(run.counts.records == nil)
        run.take(.output, "\n{\"records\":9}".utf8Span.span)
        #expect(run.counts.records == 9)
        for keeps in [true, false] {
            let draft = run.draft(.ended(.exited(0)), milliseconds: 1, keepsOutput: keeps)
            let (meta, content) = try Self.parts(draft)
            #expect(content.count == (keeps ? SyncRun.keptBytes : 0))
            #expect(meta.contains("\"written\":[500027,0]"), "\(meta)")
        }
    }
}
