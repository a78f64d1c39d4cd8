import Bytes
import Catalog
import Digest
import Foundation
import Ledger
import Webhooks
import YAML

/// The moment of all tests that do not say otherwise, in Unix seconds: 2026-03-02T10:16:40Z.
let now = 1_772_446_600

/// The providers of the catalog that the program carries.
let embedded = Result { Providers(try Systems()) }

/// Decides what a request is, with buffers of its own.
func judge(
    _ request: InboundRequest,
    _ source: Source,
    at seconds: Int = now,
    certificates: [String: [Certificate]] = [:]
) -> Verdict {
    var intake = Intake()
    return intake.receive(
        request,
        from: source,
        at: Timestamp(microseconds: Int64(seconds) * 1_000_000),
        fetched: FetchedTrust(certificates: certificates)
    )
}

extension Verdict {
    /// The only draft of an accepted request.
    var accepted: Draft? {
        guard case .accepted(let drafts, _) = self, drafts.count == 1 else { return nil }
        return drafts[0]
    }

    var rejected: Draft? {
        guard case .rejected(let draft, _, _) = self else { return nil }
        return draft
    }

    var refusal: Refusal? {
        guard case .rejected(_, _, let refusal) = self else { return nil }
        return refusal
    }

    /// The reason of a refusal and its status, else what happened instead.
    var summary: String {
        switch self {
        case .accepted(_, let answer): "\(answer.status) accepted"
        case .rejected(_, let answer, let refusal): "\(answer.status) \(refusal.reason)"
        case .handshake(_, let answer): "\(answer.status) handshake"
        case .needs(let document): "needs \(document)"
        }
    }
}

extension Body {
    /// What stands in the record after the salt.
    var parts: (meta: String, content: [UInt8])? {
        guard let layout = BodyLayout(record.span) else { return nil }
        return (
            String(decoding: record[layout.meta], as: UTF8.self), Array(record[layout.content])
        )
    }
}

extension InboundRequest {
    /// The first header of that name in any case; setting `nil` takes all of them away.
    subscript(name: String) -> String? {
        get { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
        set {
            let index = headers.firstIndex { $0.name.lowercased() == name.lowercased() }
            headers.removeAll { $0.name.lowercased() == name.lowercased() }
            if let newValue { headers.insert((name, newValue), at: index ?? headers.count) }
        }
    }
}

/// Whether a text is a UUID of version 7 (RFC 9562).
func isUUIDv7(_ text: String) -> Bool {
    let form = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
    return text.wholeMatch(of: form) != nil
}

/// A reference that leads nowhere.
struct Unresolved: Error, CustomStringConvertible {
    let reference: String
    var description: String { "\(reference) is not set" }
}

/// Reads `NAME: { … }` as in `daybook.yaml`; secrets by their references, `plain:` by itself.
func source(
    _ yaml: String,
    _ secrets: [String: String] = [:],
    providers: Providers? = nil
) throws -> Source {
    let root = try parseYAML(yaml.utf8Span.span, file: "daybook.yaml")
    let entry = try root.mapping.entries[0]
    return try Source(
        name: entry.key,
        node: entry.value,
        providers: providers ?? embedded.get()
    ) { reference in
        if reference.hasPrefix("plain:") { return Array(reference.utf8.dropFirst(6)) }
        guard let secret = secrets[reference] else { throw Unresolved(reference: reference) }
        return Array(secret.utf8)
    }
}

/// A file of this target's folder, or one relative to it.
func file(_ path: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    return try Array(Data(contentsOf: folder.appending(path: path)))
}

/// The code that a shared secret makes for a message in pieces.
func code(
    _ key: [UInt8],
    _ pieces: [UInt8]...,
    by algorithm: HashAlgorithm = .sha256
) -> [UInt8] {
    var mac = HMACKey(algorithm, key: key.span).start()
    for piece in pieces { mac.update(piece.span) }
    return mac.finish()
}

func base64(_ bytes: [UInt8]) -> String { Base64.encode(bytes.span) }

func hex(_ bytes: [UInt8]) -> String { Hex.encode(bytes.span) }

/// A meta as other programs read it.
struct RecordedRequest: Decodable {
    private struct Meta: Decodable { let request: RecordedRequest }

    let headers: [[String]]
    let method: String
    let target: String

    init?(_ meta: String) {
        guard let meta = try? JSONDecoder().decode(Meta.self, from: Data(meta.utf8)) else {
            return nil
        }
        self = meta.request
    }
}
