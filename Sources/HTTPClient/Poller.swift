internal import CCurl
internal import Glibc

/// The sockets that libcurl waits for, and the inbox, in one epoll set.
@safe final class Poller {
    /// How many events are taken at once; more wait for the next time.
    private static let batch = 256

    private let descriptor: Int32
    private let events: UnsafeMutablePointer<epoll_event>
    /// Whether a socket is in the set, by its number.
    private var isWatched: [Bool] = []

    init() throws(HTTPClientError) {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        if descriptor < 0 { throw systemFailure("make an epoll set", errno) }
        unsafe events = .allocate(capacity: Self.batch)
        unsafe events.initialize(repeating: epoll_event(), count: Self.batch)
    }

    deinit {
        Glibc.close(descriptor)
        unsafe events.deallocate()
    }

    /// Watches the inbox, each signal of which is told once.
    func watch(_ inbox: Inbox) throws(HTTPClientError) {
        let mask = EPOLLIN.rawValue | EPOLLET.rawValue
        if !control(EPOLL_CTL_ADD, inbox.descriptor, mask) {
            throw systemFailure("watch an eventfd", errno)
        }
    }

    /// Watches a socket for what libcurl wants (`CURL_POLL_…`); `false`: it cannot.
    func watch(_ socket: Int32, for what: Int32) -> Bool {
        guard socket >= 0 else { return false }
        let index = Int(socket)
        while isWatched.count <= index { isWatched.append(false) }
        guard what != CURL_POLL_REMOVE else {
            // One that is closed already has left the set by itself.
            if isWatched[index] { _ = control(EPOLL_CTL_DEL, socket, 0) }
            isWatched[index] = false
            return true
        }
        var mask: UInt32 = 0
        if what & CURL_POLL_IN != 0 { mask |= EPOLLIN.rawValue }
        if what & CURL_POLL_OUT != 0 { mask |= EPOLLOUT.rawValue }
        if isWatched[index], control(EPOLL_CTL_MOD, socket, mask) { return true }
        isWatched[index] = control(EPOLL_CTL_ADD, socket, mask)
        return isWatched[index]
    }

    private func control(_ operation: Int32, _ socket: Int32, _ mask: UInt32) -> Bool {
        var event = unsafe epoll_event()
        unsafe event.events = mask
        unsafe event.data.fd = socket
        return unsafe epoll_ctl(descriptor, operation, socket, &event) == 0
    }

    /// Waits for events, until a moment (monotonic nanoseconds) at the latest, and gives their
    /// number; a moment that is past does not wait, `nil` waits for ever.
    func wait(until moment: UInt64?) -> Int {
        var milliseconds: Int32 = -1
        if let moment {
            let now = monotonicNanoseconds()
            let left = moment > now ? moment - now : 0
            // Rounded up, so that it is not woken too early again and again.
            milliseconds = Int32(min(86_400_000, (left + 999_999) / 1_000_000))
        }
        let count = unsafe epoll_wait(descriptor, events, Int32(Self.batch), milliseconds)
        return Int(max(0, count))
    }

    /// A socket of the last `wait`, and what happened there (`CURL_CSELECT_…`).
    func event(_ index: Int) -> (socket: Int32, what: Int32) {
        let event = unsafe events[index]
        let bits = unsafe event.events
        var what: Int32 = 0
        if bits & EPOLLIN.rawValue != 0 { what |= CURL_CSELECT_IN }
        if bits & EPOLLOUT.rawValue != 0 { what |= CURL_CSELECT_OUT }
        if bits & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { what |= CURL_CSELECT_ERR }
        return unsafe (event.data.fd, what)
    }
}
