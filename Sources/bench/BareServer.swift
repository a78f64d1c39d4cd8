import Arguments
import HTTPServer
import POSIX

/// The command `bench bare`: the server that daybook uses, with nothing behind it.
enum BareServer {
    static let command = Command(
        "bare",
        "answers every request with 202 as soon as its body is read",
        discussion: "Names the port in use on standard output. Stops on SIGTERM or SIGINT.",
        operands: [
            Operand("PORT", "the port on 127.0.0.1; 0 takes any", kind: .integer(0...65_535))
        ]
    )

    static func run(_ invocation: Invocation) throws {
        var signals = StopSignals()
        Process.raiseOpenFileLimit()
        let server = try HTTPServer(
            address: "127.0.0.1",
            port: UInt16(invocation.integer("PORT") ?? 0),
            // As many as daybook takes.
            threads: max(2, processorCount()),
            handler: AcceptEverything()
        )
        try StandardStream.output.write("serving at http://127.0.0.1:\(server.port)\n")
        _ = signals.wait()
        server.stop(graceSeconds: 1)
    }
}

private struct AcceptEverything: HTTPHandler {
    func admit(_ request: HTTPRequest) -> Admission { .body(limit: 1 << 20) }
    func handle(_ request: HTTPRequest) -> Disposition { .answer(.empty(202)) }
    func finished(_ record: AccessRecord) {}
}
