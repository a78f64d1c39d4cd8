/// An event that is not in the log yet: everything but its place in it.
///
/// The writer adds `sequence`, `recordedtime` and `prevhash` and, for a redelivery, changes the
/// outcome; it takes `bodyhash` and `bodysize` from the body.
package struct Draft: Sendable {
    /// The attributes set so far, each once, in no order.
    private(set) var values: [(attribute: Attribute, value: Value)] = []
    /// What becomes of the event, unless the writer finds it to be a redelivery.
    package let outcome: Outcome
    /// The sealed part; `nil` for an event without a body.
    package var body: Body?
    /// An earlier draft of the same group, by index, whose sequence becomes `causationid`.
    package var cause: Int?
    /// Whether an earlier event with the same id is the same one, whatever its body: where a
    /// sender counts its attempts in the body.
    package var isToldByID = false
    /// For an admin event that changes the ledger's key: the vkey of the next one.
    var nextKey: String?
    /// Whether the log itself says this: of its keys, or of bodies that it erases.
    var isOwn = false
    /// The bodies that go with the event's coming.
    var erased: [ErasedBody] = []

    enum Value: Sendable {
        case text(String)
        case number(UInt64)
    }

    /// An event of `source` whose id there is `id`.
    package init(
        source: String,
        id: String,
        type: String,
        kind: Kind,
        outcome: Outcome = .accepted
    ) {
        self.outcome = outcome
        values.reserveCapacity(14)
        self[.source] = source
        self[.id] = id
        self[.type] = type
        values.append((.kind, .text(kind.rawValue)))
        values.append((.outcome, .text(outcome.rawValue)))
        values.append((.specversion, .text("1.0")))
    }

    /// The text of an attribute that is a string; `nil` leaves it out.
    package subscript(attribute: Attribute) -> String? {
        get {
            for entry in values where entry.attribute == attribute {
                if case .text(let text) = entry.value { return text }
            }
            return nil
        }
        set { set(attribute, to: newValue.map { .text($0) }) }
    }

    /// Sets an attribute that is a number.
    package mutating func set(_ attribute: Attribute, to number: UInt64) {
        set(attribute, to: .number(number))
    }

    private mutating func set(_ attribute: Attribute, to value: Value?) {
        precondition(!attribute.isWritersOwn, "\(attribute) is the writer's to set")
        values.removeAll { $0.attribute == attribute }
        if let value { values.append((attribute, value)) }
    }

    /// The configured source's name.
    package var source: String { self[.source] ?? "" }
    /// The event's id, unique within its source.
    package var id: String { self[.id] ?? "" }
}

extension Attribute {
    /// Whether only the writer knows the value.
    var isWritersOwn: Bool {
        switch self {
        case .sequence, .recordedtime, .prevhash, .bodyhash, .bodysize: true
        default: false
        }
    }
}
