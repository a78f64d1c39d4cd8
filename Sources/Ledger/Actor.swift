/// Who did something, as a line says it (CloudEvents auth context: `authtype` and `authid`).
package struct Actor: Hashable, Sendable {
    /// How it is known who it was: `os-user` at the command line, `token` where one was shown.
    package let authType: String
    /// The user's or the token's name.
    package let name: String
    /// What a token is good for; `nil` for users of the machine, whom its file rights hold.
    package let role: String?

    /// Takes who it was and how that is known.
    package init(authType: String, name: String, role: String? = nil) {
        self.authType = authType
        self.name = name
        self.role = role
    }

    /// Somebody who is logged in where the ledger lies.
    package static func user(_ name: String) -> Actor { Actor(authType: "os-user", name: name) }

    /// The same form for messages and reports: `token:web-shop`.
    package var text: String { "\(authType):\(name)" }
}

extension Draft {
    /// Says in the line who did it.
    package mutating func sign(by actor: Actor) {
        self[.authtype] = actor.authType
        self[.authid] = actor.name
    }
}
