package import Bytes

/// What an answer says of one limit; `nil` where it says nothing that can be believed.
package struct LimitState: Hashable, Sendable {
    /// Which of several limits it is, by the answer's word.
    package var name: String?
    /// What has such a limit of its own, by the catalog's word, where several are told apart so.
    package var per: String?
    /// The length of the window.
    package var window: WindowLength?
    /// What is allowed in a window, or the size of a bucket.
    package var limit: Int?
    /// What has been used of it.
    package var used: Int?
    /// What is left of it.
    package var remaining: Int?
    /// When the window ends, or access is regained.
    package var resets: Timestamp?
    /// What comes back to a bucket each second.
    package var restorePerSecond: Double?
    /// Whether the counts are hundredths of a limit that is not told.
    package var isPercentage = false

    /// Makes an empty one.
    package init() {}

    /// Whether nothing more is allowed for now.
    package var isUsedUp: Bool {
        // A percentage has a reset only while access is refused, whichever member is at fault.
        remaining == 0 || (isPercentage && resets != nil)
    }

    /// The name, or else the window, for people.
    package var label: String? {
        if let name { return name }
        guard let window else { return per }
        return per.map { "\(window) per \($0)" } ?? window.description
    }

    /// Works out the third of limit, used and remaining where two are known.
    mutating func complete() throws(UnreadReason) {
        switch (limit, used, remaining) {
        case (let limit?, let used?, nil): remaining = max(0, limit - used)
        case (let limit?, nil, let remaining?):
            guard remaining <= limit else { throw .aboveLimit }
            used = limit - remaining
        case (nil, let used?, let remaining?):
            guard used + remaining <= OutboundLimits.count else { throw .tooLarge }
            limit = used + remaining
        default: break
        }
    }

    /// Takes over what another field of the answer says of the same limit; `false` if both say
    /// something of one thing.
    mutating func merge(_ other: LimitState) -> Bool {
        guard name == other.name, per == other.per, isPercentage == other.isPercentage,
            window == nil || other.window == nil,
            limit == nil || other.limit == nil,
            used == nil || other.used == nil,
            remaining == nil || other.remaining == nil,
            resets == nil || other.resets == nil,
            restorePerSecond == nil || other.restorePerSecond == nil
        else { return false }
        window = window ?? other.window
        limit = limit ?? other.limit
        used = used ?? other.used
        remaining = remaining ?? other.remaining
        resets = resets ?? other.resets
        restorePerSecond = restorePerSecond ?? other.restorePerSecond
        return true
    }
}

/// What an answer says of its service's limits.
package struct LimitReport: Hashable, Sendable {
    /// A field of the answer that says nothing that can be believed.
    package struct Unread: Hashable, Sendable, CustomStringConvertible {
        /// The header, or the path in the body; never what stood there.
        package let place: String
        /// Why.
        package let reason: UnreadReason

        /// One line for people.
        package var description: String { "\(place): \(reason.rawValue)" }
    }

    /// The limits it tells of, in the order of the catalog's entry.
    package internal(set) var limits: [LimitState] = []
    /// Whether the call was refused because there were too many.
    package internal(set) var isLimited = false
    /// Until when to stay away, if the call was refused or failed, and the answer says.
    package internal(set) var retryAt: Timestamp?
    /// Which limit was the problem: by the answer's word, else the first that is used up.
    package internal(set) var problem: String?
    /// What could not be read, so that nothing is passed over in silence.
    package internal(set) var unread: [Unread] = []

    init() {}

    mutating func note(_ place: String, _ reason: UnreadReason) {
        guard unread.count < OutboundLimits.reported else { return }
        unread.append(Unread(place: place, reason: reason))
    }

    /// Adds a limit, or completes the one of that name.
    mutating func add(_ state: LimitState, from place: String) {
        if state.name != nil {
            for index in limits.indices where limits[index].merge(state) { return }
        }
        guard limits.count < OutboundLimits.reported else {
            note(place, .tooMany)
            return
        }
        limits.append(state)
    }

    /// A name out of an answer, if it can be shown to people as it is.
    mutating func name(_ text: String, from place: String) -> String? {
        guard !text.isEmpty, text.utf8.count <= OutboundLimits.nameBytes,
            text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) })
        else {
            note(place, .unexpectedForm)
            return nil
        }
        return text
    }
}
