import Foundation
import HTTPClient
import Synchronization
import Testing

@Suite("Cancelling, stopping and timers")
struct TransferEndingTests {
    private let trial: LoopTrial

    init() throws { trial = try LoopTrial() }

    private enum Phase: CaseIterable {
        case atOnce, handshake, request, head, body, paused, ended
    }

    @Test("a transfer can be cancelled in each phase, and ends once", arguments: Phase.allCases)
    private func cancel(phase: Phase) throws {
        let (reached, gone) = (Gate(), Gate())
        let server = try RawServer { connection in
            switch phase {
            case .handshake: reached.open()
            case .request, .head, .body, .paused, .ended, .atOnce:
                _ = connection.request()
                if phase == .head { connection.send("HTTP/1.1 200 OK\r\nX: ") }
                if phase == .body || phase == .paused {
                    connection.send("HTTP/1.1 200 OK\r\n\r\nabc")
                }
                if phase == .ended { connection.answer("a") }
                reached.open()
            }
            connection.waitForClose()
            gone.open()
        }
        let listener = Listener(pauses: phase == .paused)
        let scheme = phase == .handshake ? "https" : "http"
        let held = Gate()
        if phase == .atOnce { trial.loop.perform { held.wait() } }
        let id = trial.get("\(scheme)://127.0.0.1:\(server.port)/", listener)
        if phase != .atOnce { #expect(reached.wait()) }
        if phase == .body || phase == .paused { _ = listener.wait { $0.pieces > 0 } }
        if phase == .ended { _ = try listener.end() }
        for _ in 0..<3 { trial.loop.cancel(id) }
        held.open()
        let end = try listener.end()
        #expect(end.problem == (phase == .ended ? nil : .cancelled))
        #expect(end.wasSent == (phase != .atOnce && phase != .handshake))
        // Nothing comes after it.
        trial.loop.resume(id)
        let settled = Gate()
        trial.loop.perform { settled.open() }
        #expect(settled.wait())
        #expect(listener.heard.ends.count == 1)
        #expect(listener.heard.faults == [])
        if phase != .ended, phase != .atOnce { #expect(gone.wait()) }
    }

    @Test("a receiver can cancel its own transfer")
    func cancelFromReceiver() throws {
        let server = try RawServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            while connection.send("abc") {}
        }
        final class Canceller: TransferReceiver {
            let inner = Listener()
            let loop: TransferLoop
            let id = Mutex<TransferID?>(nil)
            init(_ loop: TransferLoop) { self.loop = loop }
            func began(_ head: AnswerHead) { inner.began(head) }
            func received(_ piece: Span<UInt8>) -> Bool {
                if let id = id.withLock({ $0 }) { loop.cancel(id) }
                return inner.received(piece)
            }
            func ended(_ end: TransferEnd) { inner.ended(end) }
        }
        let canceller = Canceller(trial.loop)
        let url = "http://127.0.0.1:\(server.port)/"
        let request = ClientRequest(method: "GET", url: url, headers: [], body: [])
        let id = trial.loop.start(request, trial.rules, canceller)
        canceller.id.withLock { $0 = id }
        #expect(try canceller.inner.end().problem == .cancelled)
    }

    @Test("stopping cancels what is under way, and what is started later")
    func stop() throws {
        let server = try RawServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\n\r\nabc")
            connection.waitForClose()
        }
        let url = "http://127.0.0.1:\(server.port)/"
        let (loop, rules) = (trial.loop, trial.rules)
        let request = ClientRequest(method: "GET", url: url, headers: [], body: [])
        let again = Listener()
        let listeners = (0..<20).map { index in
            Listener(pauses: index % 2 == 0) { if index == 0 { loop.start(request, rules, again) } }
        }
        for listener in listeners { trial.get(url, listener) }
        for listener in listeners { _ = listener.wait { $0.pieces > 0 } }
        let fresh = Listener()
        trial.get(url, fresh)
        trial.loop.stop()
        trial.loop.stop()
        for listener in listeners + [fresh, again] {
            #expect(listener.heard.ends.map(\.problem) == [.cancelled])
        }
        let late = Listener()
        trial.get(url, late)
        #expect(late.heard.ends.map(\.problem) == [.cancelled])
        #expect(late.heard.ends.map(\.wasSent) == [false])
        let ran = Mutex(false)
        trial.loop.perform { ran.withLock { $0 = true } }
        #expect(!ran.withLock { $0 })
    }

    @Test("a loop that nobody holds any more ends by itself, with its transfers")
    func dropped() throws {
        let listener = Listener()
        let server = try RawServer { $0.waitForClose() }
        do {
            let trial = try LoopTrial()
            trial.get("http://127.0.0.1:\(server.port)/", listener)
        }
        #expect(try listener.end().problem == .cancelled)
    }

    private static func now() -> UInt64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }

    @Test("what is to be performed at once runs in order, and what is to wait by its time")
    func timers() throws {
        let ran = Mutex<[Int]>([])
        // The moments between which each was asked for, with its delay.
        let due = Mutex<[ClosedRange<UInt64>]>([])
        let (done, loop) = (Gate(), trial.loop)
        for index in 0..<100 { loop.perform { ran.withLock { $0.append(index) } } }
        // The loop's thread asks itself, so that all are asked for before any runs.
        loop.perform {
            for index in 0..<300 {
                let delay = UInt64(index * 7919 % 30) * 1_000_000
                let asked = Self.now()
                loop.perform(after: delay) { ran.withLock { $0.append(100 + index) } }
                due.withLock { $0.append(asked + delay...Self.now() + delay) }
            }
            loop.perform(after: 200_000_000) { done.open() }
            loop.perform(after: .max) { ran.withLock { $0.append(-1) } }
        }
        #expect(done.wait())
        let order = ran.withLock { $0 }
        #expect(order.prefix(100).elementsEqual(0..<100))
        #expect(order.count == 400)
        let moments = due.withLock { due in order.dropFirst(100).map { due[$0 - 100] } }
        for (one, next) in zip(moments, moments.dropFirst()) {
            #expect(one.lowerBound <= next.upperBound)
        }
    }

    @Test("a timer never runs before its time, and timers set by timers run too")
    func notEarly() throws {
        let loop = trial.loop
        let done = Gate()
        let early = Mutex(0)
        @Sendable func tick(_ left: Int) {
            let start = ContinuousClock.now
            loop.perform(after: 2_000_000) {
                if ContinuousClock.now - start < .milliseconds(2) { early.withLock { $0 += 1 } }
                if left == 0 { done.open() } else { tick(left - 1) }
            }
        }
        tick(20)
        #expect(done.wait())
        #expect(early.withLock { $0 } == 0)
    }

    @Test("orders from many threads all arrive")
    func manyThreads() throws {
        let count = Mutex(0)
        let loop = trial.loop
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<2000 { loop.perform { count.withLock { $0 += 1 } } }
        }
        let done = Gate()
        loop.perform { done.open() }
        #expect(done.wait())
        #expect(count.withLock { $0 } == 16_000)
    }
}
