import Arguments
import Glibc
import POSIX

/// The command `bench load`: a load generator with one request in flight on each connection.
enum Load {
    static let command = Command(
        "load",
        "sends signed Stripe webhooks and measures the answers",
        discussion: """
            Makes and signs the requests before the clock starts. One thread, one epoll, connections \
            kept alive, one request in flight on each.
            """,
        options: sizes + [
            Option(
                "requests",
                "requests to make; the run ends earlier when they are used up",
                value: "N",
                kind: .integer(1...10_000_000),
                default: "50,000 a second; 10,000 on one connection"
            ),
            Option("secret", "signs with this text", value: "TEXT"),
            Option("bare", "sends the same requests again when they are used up"),
        ],
        operands: target
    )

    static let sizes = [
        Option(
            "connections",
            "connections at once",
            value: "N",
            kind: .integer(1...10_000),
            default: "64"
        ),
        Option(
            "seconds",
            "how long",
            value: "S",
            kind: .integer(1...600),
            default: "3"
        ),
    ]

    static let target = [
        Operand("HOST", "an IPv4 address"),
        Operand("PORT", "the server's port", kind: .integer(1...65_535)),
        Operand("PATH", "what to ask for, such as /hooks/stripe"),
    ]

    static func run(_ invocation: Invocation) throws {
        let address = invocation.string("HOST") ?? ""
        let port = UInt16(invocation.integer("PORT") ?? 0)
        let duration = invocation.integer("seconds") ?? 3
        let requests = StripeRequests.make(
            count: invocation.integer("requests")
                ?? duration * (invocation.integer("connections") == 1 ? 10_000 : 50_000),
            host: "\(address):\(port)",
            path: invocation.string("PATH") ?? "/",
            secret: invocation.string("secret") ?? "",
            now: Int(Clock.microseconds / 1_000_000)
        )
        try measure(requests, repeats: invocation.flag("bare"), invocation)
    }

    /// Sends as the command line says, and prints what came of it.
    static func measure(
        _ requests: RequestList,
        repeats: Bool,
        _ invocation: Invocation
    ) throws {
        Process.raiseOpenFileLimit()
        var generator = try Generator(
            requests: requests,
            repeats: repeats,
            connections: invocation.integer("connections") ?? 64,
            address: invocation.string("HOST") ?? "",
            port: UInt16(invocation.integer("PORT") ?? 0)
        )
        try report(try generator.run(seconds: invocation.integer("seconds") ?? 3))
    }

    private static func report(_ tally: Tally) throws {
        let sorted = tally.microseconds.sorted()
        func percentile(_ percent: Int) -> String {
            let index = min(sorted.count - 1, sorted.count * percent / 100)
            return sorted.isEmpty ? "null" : "\(sorted[index])"
        }
        let statuses = tally.statuses.enumerated().filter { $0.element > 0 }
            .map { "\"\($0.offset)\":\($0.element)" }.joined(separator: ",")
        try printMeasures([
            ("requests", "\(sorted.count)"),
            ("seconds", rounded(tally.seconds)),
            ("per_second", "\(Int(Double(sorted.count) / tally.seconds))"),
            ("p50_us", percentile(50)),
            ("p99_us", percentile(99)),
            ("max_us", percentile(100)),
            ("statuses", "{\(statuses)}"),
            ("generator_cpu_seconds", rounded(tally.cpuSeconds)),
        ])
    }
}

/// What a run measured.
struct Tally {
    /// From each request's sending to its whole answer, in order of the answers.
    var microseconds: [UInt32] = []
    /// How many answers had each status, from 0 to 999.
    var statuses = [Int](repeating: 0, count: 1000)
    /// From the first request to the last answer.
    var seconds = 0.0
    /// Processor time of the generator in that time.
    var cpuSeconds = 0.0

    mutating func count(_ status: Int, nanoseconds: UInt64) {
        statuses[status] += 1
        microseconds.append(UInt32(nanoseconds / 1000))
    }
}
