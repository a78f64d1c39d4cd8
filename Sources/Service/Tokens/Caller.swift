/// Who asks, by the token that is shown.
package struct Caller: Hashable, Sendable {
    /// The line's `authtype` of what a caller does.
    package static let authType = "token"

    /// The token's name: the line's `authid`.
    package let name: String
    /// What the token is good for.
    package let role: TokenRole
    /// What of the book it reaches; `nil` for all of it.
    package let scope: TokenScope?

    /// Takes a token's name, role and scope.
    package init(name: String, role: TokenRole, scope: TokenScope? = nil) {
        self.name = name
        self.role = role
        self.scope = scope
    }
}
