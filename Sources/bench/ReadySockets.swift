import CEpoll
import Glibc
import POSIX

/// Says which of many sockets can be read.
@safe struct ReadySockets: ~Copyable {
    private let descriptor: Int32
    private var events = unsafe [epoll_event](repeating: epoll_event(), count: 256)

    init() throws(SystemError) {
        descriptor = epoll_create1(0)
        if descriptor < 0 { throw SystemError(code: errno, operation: "make", object: "an epoll") }
    }

    deinit { close(descriptor) }

    /// Watches a socket from now on; `number` is what `wait` calls it.
    func add(_ socket: Int32, as number: Int) throws(SystemError) {
        var event = unsafe epoll_event()
        unsafe event.events = EPOLLIN.rawValue
        unsafe event.data.u64 = UInt64(number)
        if unsafe epoll_ctl(descriptor, EPOLL_CTL_ADD, socket, &event) != 0 {
            throw SystemError(code: errno, operation: "watch", object: "a socket")
        }
    }

    /// Waits until some can be read, and puts their numbers into `ready`.
    mutating func wait(seconds: Int, into ready: inout [Int]) throws(SystemError) {
        ready.removeAll(keepingCapacity: true)
        let count = unsafe epoll_wait(
            descriptor,
            &events,
            Int32(events.count),
            Int32(seconds * 1000)
        )
        if count < 0 && errno != EINTR {
            throw SystemError(code: errno, operation: "wait for", object: "the server")
        }
        if count == 0 {
            throw SystemError(code: ETIMEDOUT, operation: "wait for", object: "an answer")
        }
        for i in 0..<max(0, Int(count)) { ready.append(Int(unsafe events[i].data.u64)) }
    }
}
