package import Bytes
internal import Digest
package import Ledger
internal import POSIX

/// What the log says of a change of `daybook.yaml`: which file was followed by which, never what
/// stands in it.
///
/// Events are numbered from 1 and their ids are `configuration/NUMBER`: so the last is found
/// without a walk over the log, and what two processes notice at once is recorded once.
package struct ConfigurationChange: Sendable {
    /// The type of the event.
    package static let type = "daybook.configuration.changed"
    /// Bytes of a configuration, as for its reader.
    private static let fileBytes = 1 << 20
    /// How often somebody else may be first before this gives up: each time the file changed anew.
    private static let attempts = 8

    /// SHA-256 of the file as it is now.
    package let after: Hash256
    /// A fingerprint of each top-level key's value, to tell next time which have changed.
    let sections: [String: String]

    /// Whether the file switches the record of reads off.
    let recordsNoReads: Bool

    /// Reads the file; `nil` if there is none.
    package init?(file: String) throws {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try Files.read(file, limit: Self.fileBytes)
        } catch {
            guard error.isMissing else { throw error }
            return nil
        }
        after = SHA256.hash(bytes.span)
        sections = ConfigurationSections.fingerprints(bytes, file)
        recordsNoReads = ConfigurationSections.recordsNoReads(bytes, file)
    }

    /// Appends that the file is another one than the log knows; its sequence, `nil` if it is not.
    ///
    /// A ledger whose reads were never recorded, as one for trials, starts no record of its
    /// configuration either; once there is one, it also tells that they are switched off.
    @discardableResult
    package static func record(
        file: String,
        in ledger: Ledger,
        by actor: Actor
    ) throws -> UInt64? {
        guard let writer = ledger.writer, let change = try ConfigurationChange(file: file) else {
            return nil
        }
        for _ in 0..<attempts {
            let last = try last(in: ledger)
            guard last.hash != change.after.description,
                last.number > 0 || !change.recordsNoReads
            else { return nil }
            let revision = GitRevision.of(Files.parent(of: file))
            let draft = change.draft(after: last, revision, actor)
            let receipt = try writer.append([draft])[0]
            if receipt.outcome == .accepted { return receipt.sequence }
        }
        throw AuditProblem.refused("\(file) changes faster than that can be recorded")
    }

    /// What is recorded last.
    struct Last {
        /// The event's number; 0 if there is none.
        var number: UInt64 = 0
        /// SHA-256 of the file, in hex.
        var hash: String?
        var sections: [String: String] = [:]
    }

    /// The newest event, by doubling and halving: the numbers have no gaps.
    static func last(in ledger: Ledger) throws -> Last {
        let newest: UInt64 = try ledger.read { try number($0) }
        let place: UInt64? = try ledger.read { try sequence(newest, $0) }
        guard let place else { return Last() }
        let event = try ledger.event(at: place)
        let content = ContentMembers.read(event.content)
        return Last(
            number: newest,
            hash: content["after"],
            sections: ConfigurationSections.read(content["sections"])
        )
    }

    private static func number(_ snapshot: borrowing Snapshot) throws -> UInt64 {
        guard try sequence(1, snapshot) != nil else { return 0 }
        var low: UInt64 = 1
        var step: UInt64 = 1
        while try sequence(low + step, snapshot) != nil {
            low += step
            step *= 2
        }
        while step > 1 {
            step /= 2
            if try sequence(low + step, snapshot) != nil { low += step }
        }
        return low
    }

    private static func sequence(
        _ number: UInt64,
        _ snapshot: borrowing Snapshot
    ) throws -> UInt64? {
        try snapshot.sequence(source: AdminEvent.source, id: id(number))
    }

    private static func id(_ number: UInt64) -> String { "configuration/\(number)" }

    private func draft(after last: Last, _ revision: String?, _ actor: Actor) -> Draft {
        let names = Set(sections.keys).union(last.sections.keys)
        let changed = names.filter { sections[$0] != last.sections[$0] }.sorted()
        var object = CanonicalObject()
        object.add("after", after.description)
        object.add("before", last.hash)
        object.add("changed", texts: changed)
        object.add("revision", revision)
        object.add("sections", ConfigurationSections.text(sections))
        let content = object.bytes
        var draft = Draft(
            source: AdminEvent.source,
            id: Self.id(last.number + 1),
            type: Self.type,
            kind: .admin
        )
        draft[.datacontenttype] = "application/json"
        draft[.subject] = "configuration:daybook.yaml"
        draft[.reason] =
            last.hash == nil ? "first known" : "changed: \(changed.joined(separator: ", "))"
        draft.isToldByID = true
        draft.sign(by: actor)
        let meta: [UInt8] = [UInt8(ascii: "{"), UInt8(ascii: "}")]
        draft.body = Body(meta: meta.span, content: content.span)
        return draft
    }
}
