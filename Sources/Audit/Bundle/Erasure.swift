package import Bytes
package import Ledger

/// An event whose body was erased, and the event that tells of it.
package struct Erasure: Hashable, Sendable {
    /// The type of the events that tell of erasures.
    package static let type = "daybook.erased"

    /// The event without a body.
    package let sequence: UInt64
    /// The digest that its line holds.
    package let bodyHash: Hash256
    /// The `daybook.erased` event.
    package let by: UInt64
    /// Why, who and when, as that event's line says.
    package let reason: String
    package let who: String
    package let when: String

    /// Looks up the event that tells of an erasure; `nil` if there is none.
    ///
    /// The log has no body for `sequence`.
    package init?(of sequence: UInt64, _ hash: Hash256, in snapshot: borrowing Snapshot) throws {
        guard let by = try snapshot.erasure(of: sequence), let line = try snapshot.line(at: by)
        else { return nil }
        self.sequence = sequence
        bodyHash = hash
        self.by = by
        reason = line.text(.reason) ?? ""
        who = line.text(.authid) ?? ""
        when = line.text(.recordedtime) ?? ""
    }

    var object: CanonicalObject {
        var object = CanonicalObject()
        object.add("bodyhash", bodyHash.description)
        object.add("by", by)
        object.add("reason", reason)
        object.add("sequence", sequence)
        object.add("when", when)
        object.add("who", who)
        return object
    }
}
