import Arguments
import Bytes
import Digest
import Ledger
import POSIX
import Webhooks

/// The command `bench hooks`: how many signed webhooks one thread verifies, beside what OpenSSL
/// alone can do of each one's signature.
enum Hooks {
    static let command = Command(
        "hooks",
        "verifies signed webhooks on one thread, a provider's sample for each kind of scheme",
        discussion: """
            A request goes from its headers and body to the events to be recorded and their \
            bodies' digests, 64 at a time, as many as a commit has under load. In turns with \
            that, OpenSSL's function behind the signature runs over the same bytes. Rates are \
            those of processor time.
            """,
        options: [
            Option(
                "milliseconds",
                "how long each half of each scheme runs, in ten turns",
                value: "N",
                kind: .integer(10...60_000),
                default: "500"
            )
        ],
        operands: [
            Operand(
                "IDENTITY",
                "an RSA private key and a certificate of it, in PEM form",
                kind: .file
            )
        ]
    )

    private static let turns = 10
    /// Requests whose bodies are hashed side by side, as a commit does it.
    private static let batch = 64

    static func run(_ invocation: Invocation) throws {
        let identity = try HookIdentity(pem: try Files.read(invocation.string("IDENTITY") ?? ""))
        let hooks = try HookMaker(identity, now: Timestamp(microseconds: Clock.microseconds)).all()
        let turn = Double(invocation.integer("milliseconds") ?? 500) / 1000 / Double(turns)
        var rows: [String] = []
        for hook in hooks { rows.append(try measure(hook, for: turn)) }
        try printMeasures([("schemes", "[\(rows.joined(separator: ","))]")])
    }

    /// One scheme's measures as a JSON object: medians of the turns.
    private static func measure(_ hook: SignedHook, for seconds: Double) throws -> String {
        var intake = Intake()
        var requests: [Double] = []
        var primitives: [Double] = []
        for turn in 0...turns {
            let whole = try rate(for: seconds) { try verify(hook, &intake) }
            let alone = try hook.primitive.map { primitive in
                try rate(for: seconds) { try run(primitive) }
            }
            // The first turn only warms up.
            if turn == 0 { continue }
            requests.append(whole)
            if let alone { primitives.append(alone) }
        }
        let primitive = hook.primitive.map { "\"\($0.name)\"" } ?? "null"
        return """
            {"scheme":"\(hook.scheme)","provider":"\(hook.provider)",\
            "body_bytes":\(hook.request.body.count),"per_second":\(rounded(median(requests))),\
            "primitive":\(primitive),"primitive_bytes":\(hook.primitive?.message.count ?? 0),\
            "primitive_per_second":\(hook.primitive == nil ? "null" : rounded(median(primitives)))}
            """
    }

    /// How often `work`, which is done `batch` times in a call, can be done in a second.
    private static func rate(for seconds: Double, _ work: () throws -> Void) rethrows -> Double {
        let start = processorSeconds()
        var count = 0
        var spent = 0.0
        repeat {
            try work()
            count += batch
            spent = processorSeconds() - start
        } while spent < seconds
        return Double(count) / spent
    }

    /// Verifies the request as the service does, and hashes the bodies as its writer does.
    private static func verify(_ hook: SignedHook, _ intake: inout Intake) throws {
        var records: [[UInt8]] = []
        records.reserveCapacity(batch)
        for _ in 0..<batch {
            let verdict = intake.receive(
                hook.request,
                from: hook.source,
                at: Timestamp(microseconds: Clock.microseconds),
                fetched: FetchedTrust()
            )
            guard case .accepted(let drafts, _) = verdict else {
                throw HookFailure("\(hook.scheme), \(hook.provider): \(words(verdict))")
            }
            for draft in drafts { if let body = draft.body { records.append(body.record) } }
        }
        let digests = Lanes.hashes(of: records)
        guard digests.count == batch else {
            throw HookFailure("\(hook.provider): \(digests.count) bodies for \(batch) requests")
        }
    }

    private static func words(_ verdict: Verdict) -> String {
        switch verdict {
        case .accepted: "accepted"
        case .rejected(_, _, let refusal): refusal.reason
        case .handshake: "taken for a handshake"
        case .needs(let document): "needs \(document)"
        }
    }

    private static func run(_ primitive: Primitive) throws {
        for _ in 0..<batch {
            guard primitive.isRight() else {
                throw HookFailure("\(primitive.name) came to another result")
            }
        }
    }

    private static func median(_ rates: [Double]) -> Double {
        let sorted = rates.sorted()
        let middle = sorted.count / 2
        guard sorted.count.isMultiple(of: 2), middle > 0 else {
            return sorted.isEmpty ? 0 : sorted[middle]
        }
        return (sorted[middle - 1] + sorted[middle]) / 2
    }
}

/// Why a webhook cannot be measured.
struct HookFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
