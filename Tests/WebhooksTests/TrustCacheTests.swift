import Bytes
import Digest
import Testing
import Webhooks

@Suite("what was fetched of providers")
struct TrustCacheTests {
    static let keys = TrustDocument.keys(url: "https://keys.example.com/jwks")
    static let certificate = TrustDocument.certificates(url: "https://certs.example.com/1")

    private func set(_ ids: String...) throws -> [UInt8] {
        let key = try Trial.key.get()
        return Array(try Trial.jwks(ids.map { try Trial.jwk(key, ["kid": $0]) }).utf8)
    }

    private func pem() throws -> [UInt8] { Array(try Identity.payPal.get().pem.utf8) }

    @Test("keys are fetched when they are asked for, and again no sooner than a minute later")
    func keys() throws {
        var cache = TrustCache()
        #expect(cache.mustFetch(Self.keys, at: Trial.moment(0)))
        #expect(cache.take(try set("one"), of: Self.keys, at: Trial.moment(0)) == nil)
        #expect(!cache.mustFetch(Self.keys, at: Trial.moment(0)))
        #expect(!cache.mustFetch(Self.keys, at: Trial.moment(59)))
        #expect(cache.mustFetch(Self.keys, at: Trial.moment(60)))
        #expect(cache.take(try set("two"), of: Self.keys, at: Trial.moment(60)) == nil)
        let fetched = try #require(cache.fetched.keys[Self.keys.url])
        #expect(fetched.keys.map(\.id) == ["two"])
        #expect(fetched.fetchedAt == Trial.moment(60))
        #expect(!cache.mustFetch(Self.keys, at: Trial.moment(119)))
    }

    @Test("keys stay while they cannot be fetched again, and that is tried once a minute")
    func failure() throws {
        var cache = TrustCache()
        #expect(cache.take(try set("one"), of: Self.keys, at: Trial.moment(0)) == nil)
        cache.fail(Self.keys, "no route", at: Trial.moment(100))
        #expect(cache.problem(of: Self.keys) == "no route")
        let fetched = try #require(cache.fetched.keys[Self.keys.url])
        #expect(fetched.keys.map(\.id) == ["one"])
        #expect(fetched.fetchedAt == Trial.moment(0))
        #expect(fetched.triedAt == Trial.moment(100))
        #expect(!cache.mustFetch(Self.keys, at: Trial.moment(159)))
        #expect(cache.mustFetch(Self.keys, at: Trial.moment(160)))
        #expect(cache.take(try set("two"), of: Self.keys, at: Trial.moment(160)) == nil)
        #expect(cache.problem(of: Self.keys) == nil)
    }

    @Test("bytes that are no keys count as a failure")
    func garbage() throws {
        var cache = TrustCache()
        let problem = cache.take(Array("<html>".utf8), of: Self.keys, at: Trial.moment(0))
        #expect(problem?.hasPrefix("not a json web key") == true)
        #expect(cache.problem(of: Self.keys) == problem)
        #expect(cache.fetched.keys.isEmpty)
        #expect(!cache.mustFetch(Self.keys, at: Trial.moment(59)))
        #expect(cache.mustFetch(Self.keys, at: Trial.moment(60)))
        #expect(cache.take(try set("one"), of: Self.keys, at: Trial.moment(60)) == nil)
        _ = cache.take(Array("{\"keys\":[]}".utf8), of: Self.keys, at: Trial.moment(200))
        #expect(cache.fetched.keys[Self.keys.url]?.keys.count == 1)
        #expect(cache.fetched.keys[Self.keys.url]?.triedAt == Trial.moment(200))
    }

    @Test("a certificate is fetched once, a failure once a minute")
    func certificates() throws {
        var cache = TrustCache()
        #expect(cache.mustFetch(Self.certificate, at: Trial.moment(0)))
        cache.fail(Self.certificate, "no route", at: Trial.moment(0))
        #expect(!cache.mustFetch(Self.certificate, at: Trial.moment(59)))
        #expect(cache.mustFetch(Self.certificate, at: Trial.moment(60)))
        #expect(cache.take(try pem(), of: Self.certificate, at: Trial.moment(60)) == nil)
        #expect(!cache.mustFetch(Self.certificate, at: Trial.moment(1_000_000)))
        #expect(cache.fetched.certificates[Self.certificate.url]?.count == 1)
        #expect(cache.problem(of: Self.certificate) == nil)
        // The same URL as keys is another document.
        #expect(cache.mustFetch(.keys(url: Self.certificate.url), at: Trial.moment(60)))
    }

    @Test("a clock that was set back does not keep a URL from being tried")
    func clock() throws {
        var cache = TrustCache()
        cache.fail(Self.certificate, "no route", at: Trial.moment(1000))
        #expect(cache.mustFetch(Self.certificate, at: Trial.moment(999)))
        #expect(cache.take(try set("one"), of: Self.keys, at: Trial.moment(1000)) == nil)
        #expect(cache.mustFetch(Self.keys, at: Trial.moment(999)))
    }

    @Test("a sender who names many URLs does not fill the memory")
    func bounded() throws {
        var cache = TrustCache()
        let pem = try pem()
        for index in 0..<300 {
            let document = TrustDocument.certificates(url: "https://certs.example.com/\(index)")
            #expect(cache.take(pem, of: document, at: Trial.moment(0)) == nil)
            #expect(cache.fetched.certificates[document.url] != nil)
            #expect(cache.fetched.certificates.count <= 64)
        }
    }

    @Test("documents say what they are and where")
    func words() {
        #expect("\(Self.keys)" == "the keys at https://keys.example.com/jwks")
        #expect("\(Self.certificate)" == "the certificate at https://certs.example.com/1")
        #expect(TrustCache.byteLimit(of: Self.keys) == 262_144)
        #expect(TrustCache.byteLimit(of: Self.certificate) == 65_536)
    }
}
