/// What a token lets its owner do.
package enum TokenRole: String, CaseIterable, Sendable {
    /// Calls out through the gateway, and reports calls made without it.
    case gateway
    /// Appends facts, and reports calls and syncs.
    case writer
    /// Asks questions.
    case reader
    /// All of it.
    case admin

    /// What can be asked of the service by who shows a token.
    package enum Act: String, CaseIterable, Sendable {
        case callOut = "to call out"
        case reportCalls = "to report calls"
        case appendEvents = "to append events"
        case reportSyncs = "to report syncs"
        case query = "to ask questions"
    }

    /// Whether a token of this role suffices.
    package func may(_ act: Act) -> Bool {
        switch self {
        case .gateway: act == .callOut || act == .reportCalls
        case .writer: act == .appendEvents || act == .reportCalls || act == .reportSyncs
        case .reader: act == .query
        case .admin: true
        }
    }
}

/// Who sends a request, by the token that it shows.
package struct Caller: Hashable, Sendable {
    /// The line's `authtype` of what a caller does.
    package static let authType = "token"

    /// The token's name: the line's `authid`.
    package let name: String
    /// What the token is good for.
    package let role: TokenRole

    /// Takes a token's name and role.
    package init(name: String, role: TokenRole) {
        self.name = name
        self.role = role
    }
}
