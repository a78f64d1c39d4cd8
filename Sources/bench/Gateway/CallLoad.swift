import Arguments

/// The command `bench call`: the load of the gateway's benchmark.
enum CallLoad {
    static let command = Command(
        "call",
        "posts 1 KB again and again and measures the answers",
        discussion: """
            One thread, one epoll, connections kept alive, one request in flight on each: as \
            bench load does it.
            """,
        options: Load.sizes + [
            Option("token", "shown to the gateway as X-Daybook-Token", value: "TEXT"),
            Option("get", "asks with GET, without a body"),
        ],
        operands: Load.target
    )

    /// Bytes of each request's body.
    private static let bodyBytes = 1024

    static func run(_ invocation: Invocation) throws {
        let request = Array(request(invocation).utf8)
        try Load.measure(
            RequestList(request, length: request.count),
            repeats: true,
            invocation
        )
    }

    private static func request(_ invocation: Invocation) -> String {
        let method = invocation.flag("get") ? "GET" : "POST"
        let host = "\(invocation.string("HOST") ?? ""):\(invocation.integer("PORT") ?? 0)"
        var lines = ["\(method) \(invocation.string("PATH") ?? "/") HTTP/1.1", "Host: \(host)"]
        if let token = invocation.string("token") { lines.append("X-Daybook-Token: \(token)") }
        var body = ""
        if method == "POST" {
            body = jsonText(bytes: bodyBytes)
            lines += ["Content-Type: application/json", "Content-Length: \(bodyBytes)"]
        }
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
    }
}

/// A JSON object of so many bytes.
func jsonText(bytes: Int) -> String {
    let start = #"{"object":"order","note":""#
    let end = #""}"#
    let filler = String(repeating: "Two mugs, blue. ", count: bytes / 16 + 1)
    return start + filler.prefix(bytes - start.utf8.count - end.utf8.count) + end
}
