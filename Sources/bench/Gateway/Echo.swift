import Arguments
import POSIX

/// The command `bench echo`: the provider behind the gateway in its benchmark.
enum Echo {
    static let command = Command(
        "echo",
        "answers every request with 200 and 1 KB",
        discussion: """
            One thread, one epoll, nothing but the message's end is read. Names the port in use \
            on standard output.
            """,
        operands: [
            Operand("PORT", "the port on 127.0.0.1; 0 takes any", kind: .integer(0...65_535))
        ]
    )

    static func run(_ invocation: Invocation) throws {
        Process.raiseOpenFileLimit()
        var server = try EchoServer(port: UInt16(invocation.integer("PORT") ?? 0))
        try StandardStream.output.write("serving at http://127.0.0.1:\(server.port)\n")
        try server.run()
    }
}
