internal import Bytes
internal import Digest
internal import JSON

/// What is wrong with one JSON Web Key.
struct WebKeyProblem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension WebKey {
    /// Reads a JSON Web Key (RFC 7517 section 4, RFC 7518 section 6.3.1).
    ///
    /// What says where a key might be had (`x5u`) or repeats it (`x5c`) is not looked at.
    init(_ value: JSONValue) throws(WebKeyProblem) {
        try Self.require("kty", in: value, is: "RSA", mayBeMissing: false)
        try Self.require("use", in: value, is: "sig", mayBeMissing: true)
        try Self.require("alg", in: value, is: "RS256", mayBeMissing: true)
        if let operations = value.member("key_ops") {
            var verifies = false
            operations.forEachElement { if $0.string == "verify" { verifies = true } }
            guard verifies else { throw WebKeyProblem("key_ops without verify") }
        }
        var id: String?
        if let kid = value.member("kid") {
            guard let text = kid.string, (1...WebhookLimits.keyIDBytes).contains(text.utf8.count)
            else {
                throw WebKeyProblem("kid is no text of 1 to \(WebhookLimits.keyIDBytes) bytes")
            }
            id = text
        }
        let modulus = try Self.number("n", in: value)
        let exponent = try Self.number("e", in: value)
        do throws(DigestError) {
            self.init(id: id, key: try RSAKey(modulus: modulus, exponent: exponent))
        } catch {
            throw WebKeyProblem("\(error)")
        }
    }

    private static func require(
        _ name: String,
        in value: JSONValue,
        is expected: String,
        mayBeMissing: Bool
    ) throws(WebKeyProblem) {
        guard let member = value.member(name) else {
            if mayBeMissing { return }
            throw WebKeyProblem("\(name) is missing, expected \(expected)")
        }
        guard member.string == expected else {
            throw WebKeyProblem("\(name) \(shown(member.string)), expected \(expected)")
        }
    }

    private static func number(
        _ name: String,
        in value: JSONValue
    ) throws(WebKeyProblem) -> [UInt8] {
        guard let text = value.member(name)?.utf8,
            let bytes = Base64.decode(text, padding: .refused, alphabet: .url)
        else { throw WebKeyProblem("\(name) is not base64url") }
        return bytes
    }
}

/// A short text that somebody else wrote, as it may stand in a reason.
func shown(_ text: String?) -> String {
    guard let text, (1...WebhookLimits.shownBytes).contains(text.utf8.count),
        text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
    else { return "that is no short plain text" }
    return text
}
