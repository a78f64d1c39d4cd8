internal import CCurl

/// What the loop's thread does: libcurl's multi interface, driven by events.
///
/// Made on one thread, then run on another and touched by that one only.
@safe final class TransferEngine: @unchecked Sendable {
    /// Connections kept although nobody uses them: enough for each of a company's services at its
    /// concurrency, and well within a process's usual 1,024 files.
    private static let idleConnections = 256
    /// Handles kept for the next transfers, at some 10 KB each.
    private static let sparesKept = 64

    private enum Alarm {
        case deadline(UInt64)
        case perform(@Sendable () -> Void)
    }

    private struct Running {
        let exchange: Exchange
        var alarm: TimerHeap<Alarm>.Token
    }

    private let inbox: Inbox
    private let poller: Poller
    private let multi: UnsafeMutableRawPointer
    private var alarms = TimerHeap<Alarm>()
    private var running: [UInt64: Running] = [:]
    private var spares: [EasyHandle] = []
    /// When libcurl wants to be called.
    fileprivate var wanted: UInt64?

    init(_ inbox: Inbox) throws(HTTPClientError) {
        self.inbox = inbox
        poller = try Poller()
        guard EasyHandle.isReady, let multi = unsafe curl_multi_init() else {
            throw .failed(code: Int(CURLE_FAILED_INIT.rawValue), reason: "libcurl cannot start")
        }
        unsafe self.multi = unsafe multi
        try poller.watch(inbox)
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe CCurl_multi_set_callbacks(multi, watchSocket, setAlarm, context)
        unsafe CCurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.idleConnections)
        unsafe CCurl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
    }

    deinit {
        unsafe curl_multi_cleanup(multi)
    }

    /// Runs until it is told to stop.
    func run() {
        var orders: [Order] = []
        while true {
            inbox.take(&orders)
            for index in orders.indices where !carryOut(orders[index]) {
                stop(leaving: orders[(index + 1)...])
                return
            }
            orders.removeAll(keepingCapacity: true)
            ringAlarms()
            callWhenWanted()
            settle()
            let moment = [alarms.soonest, wanted].compactMap(\.self).min()
            let count = poller.wait(until: inbox.rest() ? moment : 0)
            inbox.rise()
            for index in 0..<count { act(on: poller.event(index)) }
            settle()
        }
    }

    /// Does what an order says; `false`: it is to stop.
    private func carryOut(_ order: Order) -> Bool {
        switch order {
        case .start(let start): begin(start)
        case .resume(let id): resume(id)
        case .cancel(let id): end(id.number, .cancelled)
        case .perform(let body): body()
        case .performAt(let moment, let body): _ = alarms.add(.perform(body), at: moment)
        case .stop: return false
        }
        return true
    }

    private func begin(_ start: TransferStart) {
        let number = start.id.number
        do throws(HTTPClientError) {
            let easy = if let spare = spares.popLast() { spare } else { try EasyHandle() }
            let exchange = try Exchange(start, on: easy, decodes: true)
            let alarm = alarms.add(.deadline(number), at: exchange.deadline.moment)
            running[number] = Running(exchange: exchange, alarm: alarm)
            if unsafe curl_multi_add_handle(multi, easy.pointer) != CURLM_OK {
                let code = Int(CURLE_FAILED_INIT.rawValue)
                end(number, .failed(code: code, reason: "libcurl takes no more transfers"))
            }
        } catch {
            start.end(error)
        }
    }

    private func resume(_ id: TransferID) {
        guard let exchange = running[id.number]?.exchange else { return }
        let code = exchange.resume()
        // What libcurl finds wrong here it does not report as a transfer's end.
        if code != CURLE_OK { end(id.number, exchange.problem(code)) }
    }

    /// Ends a transfer, if it has not ended yet.
    private func end(_ number: UInt64, _ problem: HTTPClientError?) {
        guard let ending = running.removeValue(forKey: number) else { return }
        alarms.remove(ending.alarm)
        let easy = ending.exchange.easy
        unsafe curl_multi_remove_handle(multi, easy.pointer)
        ending.exchange.end(problem)
        // One that broke off may hold something of it still.
        guard problem == nil, spares.count < Self.sparesKept, easy.reset() else { return }
        spares.append(easy)
    }

    private func ringAlarms() {
        guard alarms.soonest != nil else { return }
        let now = monotonicNanoseconds()
        while let alarm = alarms.next(at: now) {
            switch alarm {
            case .perform(let body): body()
            case .deadline(let number): checkDeadline(number, now)
            }
        }
    }

    /// Ends a transfer that takes too long; one that has got further has a later deadline.
    private func checkDeadline(_ number: UInt64, _ now: UInt64) {
        guard let exchange = running[number]?.exchange else { return }
        let (moment, problem) = exchange.deadline
        running[number]?.alarm = alarms.add(.deadline(number), at: moment)
        if moment <= now { end(number, problem) }
    }

    private func callWhenWanted() {
        guard let wanted, wanted <= monotonicNanoseconds() else { return }
        // libcurl sets it anew.
        self.wanted = nil
        var count: Int32 = 0
        unsafe curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &count)
    }

    private func act(on event: (socket: Int32, what: Int32)) {
        guard event.socket != inbox.descriptor else { return }
        var count: Int32 = 0
        unsafe curl_multi_socket_action(multi, event.socket, event.what, &count)
    }

    /// Ends what libcurl is done with.
    private func settle() {
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE else { continue }
            let code = unsafe message.pointee.data.result
            guard let easy = unsafe message.pointee.easy_handle,
                let context = unsafe CCurl_context(easy)
            else { continue }
            let exchange = unsafe Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
            end(exchange.number, exchange.problem(code))
        }
    }

    /// Cancels all: what runs, and what was ordered too late.
    private func stop(leaving orders: ArraySlice<Order>) {
        for number in running.keys.sorted() { end(number, .cancelled) }
        for order in orders + inbox.close() {
            if case .start(let start) = order { start.cancel() }
        }
        spares = []
    }
}

private func engine(_ context: UnsafeMutableRawPointer) -> TransferEngine {
    unsafe Unmanaged<TransferEngine>.fromOpaque(context).takeUnretainedValue()
}

private let watchSocket: CCurl_Watcher = { _, socket, what, context, _ in
    unsafe engine(context).watch(socket, what) ? 0 : -1
}

private let setAlarm: CCurl_Alarm = { _, milliseconds, context in
    unsafe engine(context).want(in: milliseconds)
    return 0
}

extension TransferEngine {
    fileprivate func watch(_ socket: Int32, _ what: Int32) -> Bool {
        poller.watch(socket, for: what)
    }

    fileprivate func want(in milliseconds: Int) {
        let nanoseconds = UInt64(max(0, milliseconds)) * 1_000_000
        wanted = milliseconds < 0 ? nil : monotonicNanoseconds() + nanoseconds
    }
}
