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
            let size = header.name.utf8.count + header.value.utf8.count + 4
            guard size <= room else {
                dropped.append(header.name)
                return false
            }
            room -= size
            return true
        }
        if !dropped.isEmpty {
            let names = dropped.joined(separator: ", ")
            kept.append((name: "Daybook-Dropped", value: String(names.prefix(500))))
        }
        return kept
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
