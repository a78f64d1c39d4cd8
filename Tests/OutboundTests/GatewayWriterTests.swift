import DaybookTesting
import HTTPClient
import Ledger
import POSIX
import Testing

@testable import Outbound

@Suite("a gateway whose log cannot be written")
struct GatewayWriterTests {
    /// Holds a writer's thread in a completion, and fills its queue behind it.
    private final class Jam: Sendable {
        private let gate = HarshGate()
        private let isHeld = HarshGate()
        private let writer: Writer

        init(_ writer: Writer) throws {
            self.writer = writer
            let (gate, isHeld) = (gate, isHeld)
            try writer.submit([.sample(1)]) { _ in
                isHeld.open()
                gate.wait(seconds: 60)
            }
            #expect(isHeld.wait())
        }

        /// Fills the queue.
        func fill() throws {
            var number = 2
            while true {
                do throws(AppendError) {
                    try writer.submit([.sample(number)]) { _ in }
                } catch .queueFull {
                    return
                }
                number += 1
            }
        }

        func open() { gate.open() }
    }

    @Test("with the ledger closed nothing is sent")
    func closed() throws {
        let provider = try RawProvider { link, _, _ in link.answer() }
        let trial = try HarshTrial("limits: [2/1m]", port: provider.port)
        trial.open.close()
        for _ in 0..<5 {
            let problem = try #require(try trial.send("POST", "/x", body: "1").problem)
            #expect(problem.word == .notRecorded)
            #expect(problem.status == 503)
        }
        // What is not sent uses nothing up.
        #expect(trial.gateway.status.first?.limits.windows.first?.used == 0)
        #expect(trial.gateway.status.first?.limits.inFlight == 0)
        trial.close()
        #expect(provider.requests.isEmpty)
    }

    @Test("with the writer's queue full nothing is sent, and later all goes on")
    func full() throws {
        let provider = try RawProvider { link, _, _ in link.answer() }
        let trial = try HarshTrial("", port: provider.port)
        let jam = try Jam(try #require(trial.open.writer))
        try jam.fill()
        #expect(try trial.send().problem?.word == .notRecorded)
        #expect(provider.requests.isEmpty)
        jam.open()
        let isGoing = try eventually { try trial.send().head?.status == 200 }
        #expect(isGoing)
        trial.close()
        try trial.pairedCalls()
    }

    @Test("nothing leaves before its intent is on disk")
    func intentFirst() throws {
        let provider = try RawProvider { link, _, _ in link.answer() }
        let trial = try HarshTrial("", port: provider.port)
        let jam = try Jam(try #require(trial.open.writer))
        let answerers = try (0..<10).map { _ in try trial.start() }
        sleepMilliseconds(200)
        #expect(provider.connections == 0)
        jam.open()
        for answerer in answerers { #expect(answerer.answered()?.head?.status == 200) }
        trial.close()
        #expect(try trial.pairedCalls().count == 10)
    }

    @Test("an answer that comes while the queue is full is recorded and passed on later")
    func answerWhileFull() throws {
        let gate = HarshGate()
        let provider = try RawProvider { link, _, _ in
            gate.wait()
            link.answer(200, "ok")
        }
        let trial = try HarshTrial("", port: provider.port)
        let answerer = try trial.start()
        #expect(eventually { provider.requests.count == 1 })
        let jam = try Jam(try #require(trial.open.writer))
        try jam.fill()
        gate.open()
        #expect(eventually { trial.gateway.status.first?.limits.inFlight == 0 })
        #expect(answerer.count == 0)
        jam.open()
        #expect(answerer.answered()?.text == "ok")
        trial.close()
        #expect(answerer.count == 1)
        #expect(try trial.pairedCalls().count == 1)
    }

    @Test("an answer that comes while the queue is full is passed on when all ends")
    func endWhileFull() throws {
        let gate = HarshGate()
        let provider = try RawProvider { link, _, _ in
            gate.wait()
            link.answer(200, "ok")
        }
        let trial = try HarshTrial("", port: provider.port)
        let answerer = try trial.start()
        #expect(eventually { provider.requests.count == 1 })
        let jam = try Jam(try #require(trial.open.writer))
        try jam.fill()
        gate.open()
        #expect(eventually { trial.gateway.status.first?.limits.inFlight == 0 })
        trial.gateway.stop()
        trial.loop.stop()
        jam.open()
        trial.open.close()
        #expect(answerer.answered(seconds: 2) != nil)
        #expect(answerer.count == 1)
    }

    @Test("an intent that is written last, and sent no more, is answered")
    func intentWrittenLast() throws {
        let provider = try RawProvider { link, _, _ in link.answer() }
        let trial = try HarshTrial("", port: provider.port)
        let jam = try Jam(try #require(trial.open.writer))
        let answerer = try trial.start()
        trial.gateway.stop()
        trial.loop.stop()
        jam.open()
        trial.open.close()
        #expect(answerer.answered(seconds: 2)?.problem != nil)
        #expect(answerer.count == 1)
        #expect(provider.requests.isEmpty)
    }

    @Test("a second attempt that cannot be recorded does not say that nothing was sent")
    func secondAttempt() throws {
        let provider = try RawProvider { link, _, _ in link.answer(503, "", "Retry-After: 1\r\n") }
        let trial = try HarshTrial("idempotency: Idempotency-Key", port: provider.port)
        let answerer = try trial.start("POST", "/x", body: "1")
        #expect(try eventually { try trial.events("api.call").count == 1 })
        trial.open.close()
        let answered = try #require(answerer.answered())
        trial.close()
        #expect(provider.requests.count == 1)
        #expect(answered.head?.status == 503)
    }

    fileprivate static func failWithWaiting(_ count: Int) throws {
        let gate = HarshGate()
        let provider = try RawProvider { link, _, _ in
            gate.wait()
            link.answer()
        }
        let trial = try HarshTrial("concurrent: 1", port: provider.port)
        let waits = [(name: "X-Daybook-Max-Wait", value: "1h")]
        let answerers = try (0..<count).map { _ in try trial.start("GET", "/x", waits) }
        guard eventually({ provider.requests.count == 1 }) else { fatalError("not sent") }
        trial.open.close()
        gate.open()
        for answerer in answerers where answerer.answered() == nil { fatalError("no answer") }
    }

    @Test("a hundred who wait when the log fails are all answered")
    func someWaiting() async {
        await #expect(processExitsWith: .success) { try GatewayWriterTests.failWithWaiting(100) }
    }

    @Test("ten thousand who wait when the log fails are all answered")
    func manyWaiting() async {
        await #expect(processExitsWith: .success) { try GatewayWriterTests.failWithWaiting(10_000) }
    }
}
