internal import Bytes
internal import Digest
package import LMDB
internal import POSIX

/// What overwriting the bytes of removed records did.
package struct Overwriting: Sendable, Equatable {
    /// Bytes that were overwritten with zeros.
    package var bytes = 0
    /// Whether nothing is left; readers that began earlier keep what they still see.
    package var isComplete = true

    package init() {}

    /// In the file of an environment whose databases these are.
    package init(_ environment: Environment, _ databases: [Database]) throws {
        let report = try environment.scrub(databases)
        bytes = report.bytes
        isComplete = report.isComplete
    }

    package static func += (a: inout Overwriting, b: Overwriting) {
        a.bytes += b.bytes
        a.isComplete = a.isComplete && b.isComplete
    }
}

/// A body that is to be erased.
package struct ErasedBody: Sendable {
    /// The event that it belongs to.
    package let sequence: UInt64
    /// What of it projections go on to read: a body of its own, without what is personal; `nil` if
    /// nothing is kept.
    package let kept: Body?

    package init(sequence: UInt64, kept: Body?) {
        self.sequence = sequence
        self.kept = kept
    }
}

/// What the log keeps where a body was: the event that erased it, 8 bytes little-endian, and the
/// body record that is read in its place, if anything was kept.
///
/// The event lists it all, so this is an index that `verify` compares with what was signed.
struct ErasureRecord {
    static let headerSize = 8
    let bytes: [UInt8]

    init(by event: UInt64, kept: [UInt8]?) {
        var bytes: [UInt8] = []
        LittleEndian.append(event, to: &bytes)
        if let kept { bytes += kept }
        self.bytes = bytes
    }

    /// The event that erased it.
    static func event(_ record: Span<UInt8>) -> UInt64? { LittleEndian.uint64(record, at: 0) }
}

/// The content of an event that tells of erased bodies: canonical JSON
/// `{"events":[{"bodyhash":…,"kept":…,"sequence":…},…]}` with the digests of what was erased and of
/// what is kept of it, `kept` left out where nothing is.
struct ErasureContent {
    private(set) var bytes: [UInt8] = Array("{\"events\":[".utf8)
    private var isFirst = true

    mutating func add(_ sequence: UInt64, bodyHash: Hash256, kept: Hash256?) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        var entry = CanonicalObject()
        entry.add("bodyhash", bodyHash.description)
        entry.add("kept", kept?.description)
        entry.add("sequence", sequence)
        bytes += entry.bytes
    }

    mutating func end() { bytes += Array("]}".utf8) }
}

extension Ledger {
    /// Bodies that one event may erase: what one transaction can remove, with room to spare.
    package static let mostErased = 20_000

    /// Erases bodies for good: an event tells who did it, why, and which digests, and the same
    /// transaction removes the bodies.
    ///
    /// Their bytes go by `overwriteRemoved`, after the last of them.
    ///
    /// Whether it may be is for the caller to know; `guarded` keeps others from changing that.
    package func erase(
        _ bodies: [ErasedBody],
        subject: String,
        reason: String,
        actor: Actor
    ) throws -> Receipt {
        guard let writer else { throw AppendError.stopped }
        let bodies = bodies.sorted { $0.sequence < $1.sequence }
        guard !bodies.isEmpty, bodies.count <= Self.mostErased else {
            throw LedgerError.draft(
                "\(bodies.count) bodies are to be erased, expected 1 to \(Self.mostErased) at once"
            )
        }
        var content = ErasureContent()
        try read { snapshot in
            for body in bodies {
                guard let hash = try snapshot.line(at: body.sequence).read({ $0.bodyHash }),
                    try snapshot.body(at: body.sequence) != nil
                else {
                    throw LedgerError.draft("event \(body.sequence) has no body to be erased")
                }
                let kept = body.kept.map { SHA256.hash($0.record.span) }
                content.add(body.sequence, bodyHash: hash, kept: kept)
            }
        }
        content.end()
        let bytes = content.bytes
        var draft = AdminEvent.draft(type: AdminEvent.erasedType, json: bytes.span)
        draft[.subject] = subject
        draft[.reason] = reason
        draft.sign(by: actor)
        draft.set(.records, to: UInt64(bodies.count))
        draft.isOwn = true
        draft.erased = bodies
        return try writer.append([draft])[0]
    }

    /// Overwrites in the log's file whatever belongs to no record any more.
    package func overwriteRemoved() throws -> Overwriting {
        try Overwriting(store.environment, store.databases)
    }

    /// Runs `body` while no other process erases anything or places or releases a hold.
    package func guarded<R>(_ body: () throws -> R) throws -> R {
        try Files.withLock("\(path)/erasure.lock", body)
    }
}
