internal import Bytes

/// The attributes a line may have, in the order of canonical JSON (RFC 8785: by key).
///
/// The raw value is the place in that order.
package enum Attribute: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case attempt, authid, authtype, bodyhash, bodysize, causationid, correlationid
    case datacontenttype, durationms, errors, id, kind, method, outcome, part, path, prevhash
    case provider, ratelimit, reason, recordedtime, records, sequence, service, source
    case specversion, status, subject, sync, time, traceparent, type

    /// The attribute's name as it stands in the line.
    package var name: String { Self.names[Int(rawValue)] }

    /// Whether the value is a JSON number (a non-negative integer) instead of a string.
    package var isInteger: Bool {
        switch self {
        case .attempt, .bodysize, .durationms, .errors, .records, .status: true
        default: false
        }
    }

    /// Whether the attribute stands in every line.
    package var isRequired: Bool {
        switch self {
        case .id, .kind, .outcome, .prevhash, .recordedtime, .sequence, .source, .specversion,
            .type:
            true
        default: false
        }
    }

    private static let names = allCases.map { "\($0)" }
}

/// What an event is about to say of itself (DESIGN: `kind`).
package enum Kind: String, CaseIterable, Sendable {
    case webhook, call, delivery, sync, fact, admin
}

/// What became of an event (DESIGN: `outcome`).
package enum Outcome: String, CaseIterable, Sendable {
    case accepted, rejected, duplicate, conflict, succeeded, failed

    /// Whether an event with this outcome takes effect and owns its (source, id).
    package var takesEffect: Bool {
        switch self {
        case .accepted, .succeeded, .failed: true
        case .rejected, .duplicate, .conflict: false
        }
    }
}
