/// Refuses what would not go over the wire as the one request that it is meant to be.
enum RequestCheck {
    /// Headers that say where a body ends, or when it comes: they follow from the body.
    private static let own: Set = ["content-length", "expect", "transfer-encoding"]

    /// Refuses a method that is no token, and a body where there cannot be one.
    static func method(_ method: String, hasBody: Bool) throws(HTTPClientError) {
        guard isToken(method) else { throw .badRequest(reason: "the method is not a token") }
        guard method != "HEAD" || !hasBody else {
            throw .badRequest(reason: "HEAD takes no body")
        }
    }

    /// Refuses a header that would be more than one line, or none, or not what it says.
    ///
    /// The name is told, but never the value, which can be a secret.
    static func header(_ name: String, _ value: String) throws(HTTPClientError) {
        guard isToken(name) else { throw .badRequest(reason: "a header's name is not a token") }
        guard !own.contains(name.lowercased()) else {
            throw .badRequest(reason: "header \(name) follows from the body")
        }
        for byte in value.utf8 where byte < 0x20 && byte != 0x09 || byte == 0x7F {
            throw .badRequest(reason: "header \(name) holds a control character")
        }
    }

    /// Whether a text is a token (RFC 9110, section 5.6.2).
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
