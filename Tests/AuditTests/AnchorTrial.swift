import Audit
import Bytes
import DaybookTesting
import Digest
import Ledger
import Merkle
import POSIX
import Synchronization
import Testing

/// A ledger with witnesses in this process, reached without a network.
final class AnchorTrial {
    let ledger: TemporaryLedger
    let folder: ScratchFolder
    let witnesses: [Witness]
    let network: Network
    /// The time that witnesses and ledger agree on.
    var now = UInt64(Clock.microseconds / 1_000_000)

    /// Answers in the place of the network; a test may put its own answers before.
    final class Network: Sendable {
        typealias Answer = (status: Int, body: [UInt8])
        private let override = Mutex<(@Sendable (AnchorRequest) throws -> Answer?)?>(nil)
        private let clock = Mutex<UInt64>(0)
        private let witnesses: [Witness]

        init(_ witnesses: [Witness]) { self.witnesses = witnesses }

        func answer(_ body: @escaping @Sendable (AnchorRequest) throws -> Answer?) {
            override.withLock { $0 = body }
        }

        func set(clock seconds: UInt64) { clock.withLock { $0 = seconds } }

        func send(_ request: AnchorRequest) throws -> Answer {
            if let own = override.withLock({ $0 }), let answer = try own(request) { return answer }
            let parts = request.url.split(separator: "/")
            guard parts.count >= 3, let number = Int(parts[1].dropFirst()) else { return (500, []) }
            let witness = witnesses[number]
            let seconds = clock.withLock { $0 }
            let answer =
                try request.method == "POST"
                ? witness.addCheckpoint(request.body, at: seconds)
                : witness.checkpoint(ofOrigin: String(parts[2]))
            return (answer.status, answer.body)
        }
    }

    init(witnesses count: Int = 2) throws {
        ledger = try TemporaryLedger()
        let folder = try ScratchFolder()
        let key = try VKey(
            try ledger.open(appends: false).firstKey,
            using: SHA256.self
        )
        witnesses = try (0..<count).map { number in
            try Witness(
                key: WitnessKey.generate(name: "w\(number).example"),
                logs: [key],
                folder: "\(folder.path)/w\(number)"
            )
        }
        self.folder = folder
        network = Network(witnesses)
        network.set(clock: now)
    }

    /// A policy in which so many of the witnesses must cosign.
    func policy(_ threshold: String = "all", extra: String = "") throws -> TLogPolicy {
        var text = extra
        for (number, witness) in witnesses.enumerated() {
            text += "witness w\(number) \(witness.vkey) http://w\(number)\n"
        }
        let names = witnesses.indices.map { "w\($0)" }.joined(separator: " ")
        text += "group g \(threshold) \(names)\nquorum g\n"
        return try TLogPolicy(text.utf8Span.span, using: SHA256.self)
    }

    func settings(_ threshold: String = "all") throws -> AnchorSettings {
        AnchorSettings(seconds: 60, policy: try policy(threshold), authority: nil)
    }

    var send: AnchorSend { { [network] in try network.send($0) } }

    /// Anchors the ledger as it is.
    @discardableResult
    func anchor(_ settings: AnchorSettings? = nil) throws -> AnchorRound {
        let open = try ledger.open(appends: true)
        defer { open.close() }
        network.set(clock: now)
        let anchors = try Anchors(open, settings ?? self.settings(), send: send)
        return try anchors.anchor(by: .user("anna"), at: now)
    }

    /// Checks heads as a start does; gives what was warned of.
    func start(_ settings: AnchorSettings? = nil) throws -> [String] {
        let open = try ledger.open(appends: true)
        defer { open.close() }
        var warnings: [String] = []
        let anchors = try Anchors(open, settings ?? self.settings(), send: send)
        try anchors.requireKnownHeads { warnings.append($0) }
        return warnings
    }

    /// Checks the anchors that the log tells of.
    func check(_ policy: TLogPolicy? = nil) throws -> AnchorReport {
        let open = try ledger.open(appends: false)
        return try AnchorCheck.run(open, policy: policy ?? self.policy(), roots: [])
    }

    /// The results of a round by name.
    static func results(_ round: AnchorRound) -> [String] {
        round.parties.map { party in
            switch party.result {
            case .anchored: "\(party.name) anchored"
            case .failed(let reason): "\(party.name) \(reason)"
            case .fork: "\(party.name) fork"
            }
        }
    }

    /// Keeps a copy of the ledger's folder and its head file beside it.
    func copyLedger() throws -> String {
        let copy = "\(folder.path)/copy"
        try Self.copy(ledger.path, to: copy)
        return copy
    }

    /// Puts a copy in the place of the ledger, and forgets its head file, as a restore of the whole
    /// machine does.
    func putBack(_ copy: String) throws {
        Files.removeTree(ledger.path)
        try Self.copy(copy, to: ledger.path)
        try Files.remove(ledger.headFile)
    }

    private static func copy(_ from: String, to: String) throws {
        try Files.makeFolder(to)
        for name in try Files.list(from) where !name.hasPrefix("lock.") {
            if Files.isFolder("\(from)/\(name)") {
                try copy("\(from)/\(name)", to: "\(to)/\(name)")
            } else {
                try Files.replace("\(to)/\(name)", with: Files.read("\(from)/\(name)"))
            }
        }
    }
}
