import HTTPServer
import Synchronization
import Testing

/// libmicrohttpd 0.9.75 takes 128 events at a time; when it found exactly so many, it went on to
/// wait for more before it dealt with any, and 128 clients waited for ever.
@Suite struct EventBurstTests {
    /// Answers all requests; one to `/block` only when it is let go.
    private final class Handler: HTTPHandler {
        let isBlocked = Atomic<Bool>(false)
        let mayGo = Atomic<Bool>(false)

        func admit(_ request: HTTPRequest) -> Admission { .body(limit: 100) }

        func handle(_ request: HTTPRequest) -> Disposition {
            if request.path == "/block" {
                isBlocked.store(true, ordering: .sequentiallyConsistent)
                while !mayGo.load(ordering: .sequentiallyConsistent) {}
            }
            return .answer(.text(200, "done"))
        }

        func finished(_ record: AccessRecord) {}
    }

    @Test("as many events as are taken at a time are dealt with", arguments: [127, 128, 129, 256])
    func burst(count: Int) throws {
        let handler = Handler()
        let server = try HTTPServer(address: "127.0.0.1", port: 0, threads: 1, handler: handler)
        defer { server.stop(graceSeconds: 0) }
        let clients = try (0..<count).map { _ in try RawClient(server.port) }
        for client in clients {
            try client.request("GET", "/first")
            #expect(try client.answer().status == 200)
        }
        let blocking = try RawClient(server.port)
        try blocking.request("GET", "/block")
        try eventually("the worker is busy") {
            handler.isBlocked.load(ordering: .sequentiallyConsistent)
        }
        for client in clients { try client.request("GET", "/second") }
        handler.mayGo.store(true, ordering: .sequentiallyConsistent)
        for client in clients { #expect(try client.answer().status == 200) }
        #expect(try blocking.answer().status == 200)
    }
}
