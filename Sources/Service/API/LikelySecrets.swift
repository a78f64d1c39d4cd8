/// Which names look as if their values were credentials.
///
/// A program that reports a call may name headers and parameters as it likes, and nobody configured
/// which of them are secret: rather one value too many is not recorded than one too few.
enum LikelySecrets {
    private static let whole: Set = [
        "auth", "code", "key", "pass", "pin", "pwd", "sid", "sig", "x-key",
    ]
    private static let parts = [
        "access-key", "access_key", "accesskey", "api-key", "api_key", "apikey", "app-key",
        "application-key", "authorization", "authentication", "cookie", "credential", "csrf",
        "jwt", "passphrase", "passwd", "password", "private-key", "secret", "session",
        "signature", "subscription-key", "token",
    ]

    /// Whether a header or a parameter of this name is to be taken for a credential.
    static func isLikely(_ name: String) -> Bool {
        let name = name.lowercased()
        return whole.contains(name) || parts.contains { name.contains($0) }
    }
}
