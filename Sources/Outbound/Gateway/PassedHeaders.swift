/// Which headers go on from one side of the gateway to the other.
enum PassedHeaders {
    /// Headers of one connection (RFC 9110 section 7.6.1).
    private static let hopByHop: Set = [
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization",
        "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ]
    /// What the client makes anew of a request: names, lengths, encodings, and who calls.
    private static let requestOwn: Set = [
        "host", "content-length", "expect", "accept-encoding", "authorization",
    ]
    /// What the server makes anew of an answer.
    private static let answerOwn: Set = ["content-length", "date", "content-encoding"]

    /// Those of a request, without the secrets that our own take the place of.
    static func request(
        _ headers: [(name: String, value: String)],
        secret: [String]
    ) -> [(name: String, value: String)] {
        let dropped = requestOwn.union(secret)
        return passed(headers, without: dropped).filter {
            !$0.name.asciiLowercased.hasPrefix(GatewayRequest.ownPrefix)
        }
    }

    /// Bytes of an answer's headers that go on: they share the server's buffer with the request's.
    private static let answerBytes = 12 << 10

    /// Those of an answer; what does not fit is left out, and told.
    static func answer(
        _ headers: [(name: String, value: String)]
    ) -> [(name: String, value: String)] {
        var room = answerBytes
        var dropped: [String] = []
        var kept = passed(headers, without: answerOwn).filter { header in
            // Ours are not to be imitated.
            if header.name.asciiLowercased.hasPrefix("daybook-") { return false }
            let size = header.name.utf8.count + header.value.utf8.count + 4
            guard size <= room, isPlain(header.value) else {
                dropped.append(header.name)
                return false
            }
            room -= size
            return true
        }
        if !dropped.isEmpty {
            let names = dropped.joined(separator: ", ").filter { $0.isASCII && $0 >= " " }
            kept.append((name: "Daybook-Dropped", value: String(names.prefix(500))))
        }
        return kept.filter { isToken($0.name) }
    }

    /// Whether a server can send the value: there is one, and it is one line.
    private static func isPlain(_ value: String) -> Bool {
        value.utf8.contains { $0 != 0x20 && $0 != 0x09 }
            && value.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }
    }

    /// Whether a text is a token (RFC 9110 section 5.6.2).
    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                byte > 0x20 && byte < 0x7F && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
            }
    }

    private static func passed(
        _ headers: [(name: String, value: String)],
        without dropped: Set<String>
    ) -> [(name: String, value: String)] {
        var named: Set<String> = []
        for header in headers where header.name.asciiLowercased == "connection" {
            for word in header.value.split(separator: ",") {
                named.insert(String(word.filter { $0 != " " && $0 != "\t" }).asciiLowercased)
            }
        }
        return headers.filter { header in
            let name = header.name.asciiLowercased
            return !hopByHop.contains(name) && !dropped.contains(name) && !named.contains(name)
        }
    }
}
