internal import CMicrohttpd

/// A request: its head, and in the end its body.
///
/// Valid only during the handler's call and on its thread; what is needed later is to be copied.
/// Headers are read where libmicrohttpd keeps them, so only those asked for cost anything.
@safe
package final class HTTPRequest {
    /// The method as it was sent, upper-case for the known ones.
    package internal(set) var method = ""
    /// Path and query exactly as on the request line.
    package let target: String
    /// What was received of the body so far; complete in `handle`.
    package internal(set) var body: [UInt8] = []

    let connection: Connection
    var step = Step.head
    /// Bytes of the body of the answer that libmicrohttpd took.
    var answerBytes = 0
    /// What sends the answer's body, if that is streamed.
    var sender: StreamSender?

    var isVersion10 = false
    var isChunked = false
    var announcedBytes = 0
    var bodyLimit = 0
    /// Bytes of the body received, also those that were dropped.
    var bodyBytes = 0
    /// What the handler or a limit decided before the request was complete.
    var refusal: HTTPAnswer?

    let started: UInt64
    /// Where the target is while libmicrohttpd parses it, as a number: only compared.
    let targetAddress: UInt
    private var isLive = true

    /// What is expected next.
    enum Step {
        case head, body, suspended, answered
    }

    init(connection: Connection, target: String, targetAddress: UInt, started: UInt64) {
        self.connection = connection
        self.target = target
        self.targetAddress = targetAddress
        self.started = started
    }

    /// The client's address without port: the proxy's, if there is one.
    package var peer: String { connection.peer }

    /// The target up to the first `?`, percent-encoding untouched.
    package var path: String {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return target }
        return String(target[..<mark])
    }

    /// The target after the first `?`, percent-encoding untouched.
    package var query: String? {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return nil }
        return String(target[target.utf8.index(after: mark)...])
    }

    /// Moves the body out without copying; `body` is empty afterwards.
    package func takeBody() -> [UInt8] {
        let taken = body
        body = []
        return taken
    }

    /// Ends the access to libmicrohttpd's memory, which the next request will use.
    func retire() {
        isLive = false
    }

    /// libmicrohttpd's connection, for as long as the request's memory is there.
    var liveHandle: OpaquePointer {
        precondition(isLive, "a request is used after its end")
        return unsafe connection.handle
    }
}
