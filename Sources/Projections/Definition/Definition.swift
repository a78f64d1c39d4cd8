package import Bytes

/// A projection's definition: how events fold into rows (DESIGN 6).
package struct Definition: Sendable {
    /// The projection's name.
    package let name: String
    /// Raised with every change.
    package let version: Int
    /// What the projection says, in a sentence.
    package let about: String
    /// The name of the key column.
    package let key: String
    /// The stored columns, in the file's order.
    package let columns: [ColumnDefinition]
    /// The columns worked out from others whenever a row is shown, in the file's order.
    package let derivations: [Derivation]
    /// The rules, in the file's order; an event's rule is the one that fits it.
    package let rules: [Rule]
    /// The text that was read.
    package let text: [UInt8]
    /// SHA-256 of the canonical definition: name, version and hash are a definition's identity.
    package let hash: Hash256
    /// SHA-256 of what decides the stored rows: the canonical columns and rules.
    ///
    /// Definitions that agree in it differ in `derive` at most, and can share their rows.
    package let foldHash: Hash256
}

/// A stored column.
package struct ColumnDefinition: Sendable {
    /// The name in rows.
    package let name: String
    /// What its values are.
    package let type: ColumnType
    /// How values are merged.
    package let keep: Keep
    /// What the sub-keys are if the column has a register for each of several: `refund`.
    package let by: String?
    /// How far back it goes from the moment asked about, in microseconds; `nil` for all time.
    package let last: Int64?
    /// Whether its values go when a body is erased; `nil` if the definition does not say.
    package let personal: Bool?

    /// Whether its values go when a body is erased: as the definition says, else if they are texts.
    package var isPersonal: Bool { personal ?? (type == .text) }

    init(
        name: String,
        type: ColumnType,
        keep: Keep,
        by: String?,
        last: Int64? = nil,
        personal: Bool? = nil
    ) {
        self.name = name
        self.type = type
        self.keep = keep
        self.by = by
        self.last = last
        self.personal = personal
    }
}

/// What a column's values are.
package enum ColumnType: Hashable, Sendable {
    /// One of these words, in their declared order.
    case enumeration([String])
    case text, integer, money, time, boolean
}

/// A column's merge rule.
package enum Keep: String, CaseIterable, Sendable, BitwiseCopyable {
    case latest, first, max, min, furthest, sum, count, all, balance, window, quantiles
}

/// What an event of some kind says.
package struct Rule: Sendable {
    /// The line in the file where the rule begins.
    package let line: Int
    /// Attributes that an event must have: one of the patterns for each, `*` standing for any text.
    package let from: [(attribute: EventAttribute, patterns: [String])]
    /// What else must hold; an event that fits `from` but not this is ignored by the rule.
    package let when: [Condition]
    /// The list whose elements each make a fact.
    package let each: ValuePath?
    /// The name of the row.
    package let key: Template
    /// The moment that the event speaks for; `nil` for the time it was recorded.
    package let at: TimeValue?
    /// Other names of the row; one that is absent in an event links nothing.
    package let links: [Template]
    /// What the columns are told.
    package let settings: [Setting]
}

/// The attributes of a line that `from` and paths may name.
package enum EventAttribute: String, CaseIterable, Sendable {
    case source, provider, type, kind, subject, id, time, recordedtime, outcome
    case service, method, path, status, attempt, durationms, ratelimit
    case sync, records, errors, correlationid, reason
}

/// Where in an event a value is.
package enum ValuePath: Hashable, Sendable {
    /// A place in the content (RFC 6901); under `each` in the element first, then in the content.
    ///
    /// The content of one of several events that came in one request is its own part of it.
    case content(String)
    /// `each`: the element itself, for lists of texts and numbers.
    case element
    /// `@name`: an attribute of the line.
    case attribute(EventAttribute)
    /// `header:NAME`: a header of the request, the name in lower case.
    case header(String)
    /// `request:/…`: a place in a call's request, or in all of the request that an event came in.
    case request(String)
    /// `response:/…`: a place in a call's response.
    case response(String)
}

/// A text with places that an event fills: `woo-{/id}`.
package struct Template: Sendable {
    package enum Part: Hashable, Sendable {
        case literal(String)
        case value(ValuePath)
    }
    /// The pieces, in order; no two literals follow each other.
    package let parts: [Part]
    package let line: Int
}

/// A moment in an event.
package struct TimeValue: Sendable {
    package let path: ValuePath
    package let format: TimeFormat
    package let line: Int
}

/// How a moment is written.
package enum TimeFormat: String, CaseIterable, Sendable {
    /// RFC 3339, with or without its zone; without one it is UTC.
    case rfc3339
    /// Without a zone: UTC.
    case zoneless
    /// Seconds since 1970.
    case unix
    /// Milliseconds since 1970.
    case unixMilliseconds = "unix-ms"
    /// As in HTTP's `Date` (RFC 1123, RFC 9110 section 5.6.7).
    case httpDate = "http-date"
}

/// A condition on an event.
package struct Condition: Sendable {
    package let path: ValuePath
    package let test: Test
    package let line: Int

    package enum Test: Sendable {
        /// There, and neither null nor an empty text.
        case present
        /// Missing, null or an empty text.
        case absent
        /// Equal to one of these texts, `*` standing for any text.
        ///
        /// Numbers and booleans are compared as they are written.
        case isOne([String])
        /// A number compared with this one.
        case compares(Comparison, Int64)
    }
}

/// The comparisons of conditions.
package enum Comparison: String, CaseIterable, Sendable {
    case lt, lte, gt, gte
}
