import Bytes
import Digest
import Foundation
import Testing

private struct StampVectors: Decodable {
    let message: String
    let messageSha256: String
    let queryHex: String
    let replyB64: String
    let caPem: String
}

@Suite("A time stamp") struct TimestampTests {
    private let vectors: StampVectors
    private let reply: [UInt8]
    private let roots: [Certificate]
    private let digest: Hash256

    init() throws {
        vectors = try fixture("rfc3161", as: StampVectors.self)
        reply = Base64.decode(vectors.replyB64.utf8Span.span) ?? []
        roots = try Certificate.parseAll(pem: Array(vectors.caPem.utf8))
        digest = SHA256.hash(vectors.message.utf8Span.span)
    }

    @Test("is asked for as the vector does")
    func query() throws {
        #expect(hex(digest) == vectors.messageSha256)
        #expect(hex(try TimestampQuery(digest: digest, nonce: nil).der()) == vectors.queryHex)
        // With a nonce an INTEGER more, 8 bytes and the 0 that keeps it from being negative.
        let der = try TimestampQuery(digest: digest, nonce: .max).der()
        #expect(hex(der).contains("020900ffffffffffffffff0101ff"))
    }

    @Test("of the vector holds, and says who and when")
    func holds() throws {
        let stamp = try TimestampReply(reply)
        #expect(stamp.time.short == "2026-11-21T02:19:14Z")
        let holder = try stamp.check(TimestampQuery(digest: digest, nonce: nil), roots: roots)
        #expect(holder.authority == "CN=Vector test TSA")
        #expect(holder.time == stamp.time)
    }

    @Test("does not hold for another digest, a nonce that was not asked for, or another root")
    func wrong() throws {
        let stamp = try TimestampReply(reply)
        let other = SHA256.hash("another".utf8Span.span)
        for query in [
            TimestampQuery(digest: other, nonce: nil), TimestampQuery(digest: digest, nonce: 1),
        ] {
            let error = #expect(throws: TimestampError.self) {
                try stamp.check(query, roots: roots)
            }
            guard case .wrong = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
        let good = TimestampQuery(digest: digest, nonce: nil)
        let stranger = try Certificate.parseAll(pem: Array(try Identity("stranger").pem.utf8))
        #expect(throws: TimestampError.self) { try stamp.check(good, roots: stranger) }
        #expect(throws: TimestampError.self) { try stamp.check(good, roots: []) }
        // The failures leave nothing behind for whoever checks next.
        #expect(throws: Never.self) { try stamp.check(good, roots: roots) }
    }

    @Test("is refused when any of its bytes is another, or is missing")
    func damaged() throws {
        let query = TimestampQuery(digest: digest, nonce: nil)
        let good = try TimestampReply(reply).check(query, roots: roots)
        for index in reply.indices where index % 3 == 0 {
            var bytes = reply
            bytes[index] ^= 1
            // A flip in what neither the signature nor the chain covers may be harmless, but then
            // it proves the same.
            let holder = try? TimestampReply(bytes).check(query, roots: roots)
            if let holder { #expect(holder == good, "byte \(index)") }
        }
        for count in stride(from: 0, to: reply.count, by: 97) {
            #expect(throws: TimestampError.notAReply) { try TimestampReply(Array(reply[..<count])) }
        }
        #expect(throws: TimestampError.notAReply) { try TimestampReply(reply + [0]) }
        #expect(throws: TimestampError.notAReply) {
            try TimestampReply([UInt8](repeating: 0x30, count: TimestampReply.longest + 1))
        }
    }

    @Test("that an authority refuses is told with its status")
    func refused() {
        let rejection: [UInt8] = [0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02]
        #expect(throws: TimestampError.refused(status: 2)) { try TimestampReply(rejection) }
        let granted: [UInt8] = [0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x00]
        #expect(throws: TimestampError.notAReply) { try TimestampReply(granted) }
    }

    @Test("no bytes stop the reader")
    func garbage() {
        for seed in 1...300 {
            _ = try? TimestampReply([0x30, 0x82, 0x01, 0x00] + noise(256, seed: UInt64(seed)))
        }
    }
}
