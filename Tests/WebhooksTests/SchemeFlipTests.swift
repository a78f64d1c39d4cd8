import Bytes
import Testing
import Webhooks
import YAML

/// One bit is enough to be refused, wherever in what shows who sends or in what is signed.
@Suite("one wrong bit")
struct SchemeFlipTests {
    /// What is accepted of requests that each have one wrong bit.
    private func accepted(_ requests: [InboundRequest], _ sender: Sender) throws -> [InboundRequest]
    {
        let source = try sender.source()
        return requests.filter { request in
            if case .accepted = judge(request, source) { true } else { false }
        }
    }

    @Test(
        "in a header that is covered, be it the signature's, it is refused",
        arguments: try Sender.proving.get()
    )
    func headers(sender: Sender) throws {
        let request = try sender.request(sender.longBody)
        #expect(judge(request, try sender.source()).refusal == nil)
        for name in sender.coveredHeaders {
            let value = try #require(request[name])
            let flipped = request.flipped(name)
            #expect(flipped.count >= value.utf8.count)
            let passed = try accepted(flipped, sender).compactMap { $0[name] }
            // What stands before a token is a word in any case (RFC 9110 section 11.1).
            let isWord = ["oidc", "token"].contains(sender.kind) && value.contains(" ")
            #expect(
                passed.allSatisfy { isWord && $0.lowercased() == value.lowercased() },
                "\(name)"
            )
        }
    }

    static let covering = Result { try Sender.proving.get().filter(\.coversBody) }

    /// The same field in other spelling is the same: only hex digits' case can differ by one bit.
    private func isSameForm(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        func lower(_ body: [UInt8]) -> String {
            String(decoding: body, as: UTF8.self)
                .replacing(/%[0-9A-Fa-f]{2}/) { $0.output.lowercased() }
        }
        return lower(one) == lower(other)
    }

    @Test("in a body that is covered it is refused", arguments: try covering.get())
    func body(sender: Sender) throws {
        let request = try sender.request()
        for other in try accepted(request.flippedBody(10), sender) {
            #expect(sender.coversFields && isSameForm(other.body, request.body))
        }
        let long = try sender.request(sender.longBody)
        for other in try accepted(long.flippedBody(25), sender) {
            #expect(sender.coversFields && isSameForm(other.body, long.body))
        }
    }

    @Test("in a body that has the secret it is refused")
    func bodySecret() throws {
        for sender in try Sender.proving.get() where sender.entry["body"] != nil {
            let request = try sender.request()
            let secret = Array(sender.secret().utf8)
            let starts = request.body.indices.filter { request.body[$0...].starts(with: secret) }
            #expect(!starts.isEmpty)
            var flipped: [InboundRequest] = []
            for index in starts.flatMap({ $0..<$0 + secret.count }) {
                for bit in 0..<8 as Range<UInt8> {
                    var other = request
                    other.body[index] ^= 1 << bit
                    flipped.append(other)
                }
            }
            #expect(try accepted(flipped, sender).isEmpty, "\(sender)")
        }
    }

    @Test("in the URL or the method it is refused where they are signed or have the secret")
    func target() throws {
        var count = 0
        for sender in try Sender.proving.get() {
            let isPath = sender.entry["path"] != nil
            let isQuery = sender.entry["query"] != nil || sender.signed.contains("{pairs}")
            guard isPath || isQuery || sender.signed.contains("{url}") else { continue }
            count += 1
            let isSigned = sender.signed.contains("{url}")
            let query = isPath || sender.webhooks["sample"]?["query"] != nil ? "" : "?tenant=a7"
            let request = try sender.request(sender.longBody, query: query)
            // A parameter that nobody looks at may be anything, as may all behind a secret path.
            let start = isPath ? "/hooks/shop/" : isSigned || query.isEmpty ? "?" : "?tenant=a7&"
            let flipped = request.flippedTarget(from: start)
            #expect(!flipped.isEmpty)
            let end = isPath ? request.target.prefix { $0 != "?" } : request.target[...]
            let passed = try accepted(flipped, sender).map(\.target).filter { !$0.hasPrefix(end) }
            #expect(passed == [], "\(sender)")
            if sender.signed.contains("{method}") {
                #expect(try accepted(request.flippedMethod(), sender).isEmpty, "\(sender)")
            }
        }
        #expect(count >= 20)
    }

    @Test("in the media type it is refused where that says what of the body is signed")
    func mediaType() throws {
        for sender in try Self.covering.get() where sender.coversFields {
            let request = try sender.request()
            let type = try #require(request["content-type"])
            for other in try accepted(request.flipped("content-type"), sender) {
                // The case, and what parameters say, make no other media type.
                let essences = [type, other["content-type"] ?? ""].map {
                    $0.prefix { $0 != ";" }.lowercased()
                }
                let isForm = type.hasPrefix("application/x-www-form-urlencoded")
                #expect(!isForm || essences[0] == essences[1], "\(other["content-type"] ?? "")")
            }
        }
    }
}
