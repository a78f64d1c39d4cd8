import Digest
import Testing

@Suite("chains of trust")
struct TrustStoreTests {
    private let root: Identity
    private let leaf: Certificate
    private let store: TrustStore
    private let day = 86_400

    init() throws {
        root = try Identity("root", isAuthority: true, days: 365)
        let names = ["hooks.example.com", "*.wild.example.org"]
        leaf = try Identity("leaf", dnsNames: names, issuer: root).certificate
        store = try TrustStore(anchors: [root.certificate])
    }

    /// What is wrong with a chain, or nothing.
    private func fault(
        _ leaf: Certificate,
        _ intermediates: [Certificate] = [],
        in store: TrustStore? = nil,
        after seconds: Int = 60,
        host: ExpectedHost? = nil
    ) throws -> CertificateError? {
        do throws(CertificateError) {
            try (store ?? self.store).validate(
                leaf: leaf,
                intermediates: intermediates,
                at: leaf.notBefore + seconds,
                host: host
            )
            return nil
        } catch {
            return error
        }
    }

    @Test("a leaf signed by an anchor is trusted")
    func good() throws {
        #expect(try fault(leaf) == nil)
    }

    @Test("validity is judged at the moment asked about")
    func validity() throws {
        #expect(try fault(leaf, after: 29 * day) == nil)
        let expired = CertificateError.expired(subject: "CN=leaf", notAfter: leaf.notAfter)
        #expect(try fault(leaf, after: 31 * day) == expired)
        // The chain is walked from its anchor.
        let notBefore = try root.certificate.notBefore
        let early = CertificateError.notYetValid(subject: "CN=root", notBefore: notBefore)
        #expect(try fault(leaf, after: -7 * day) == early)
    }

    @Test("an expired authority is named, not the leaf")
    func expiredAuthority() throws {
        let root = try Identity("brief", isAuthority: true, days: 1)
        let leaf = try Identity("leaf", issuer: root).certificate
        let store = try TrustStore(anchors: [root.certificate])
        let fault = try fault(leaf, in: store, after: 2 * day)
        let notAfter = try root.certificate.notAfter
        #expect(fault == .expired(subject: "CN=brief", notAfter: notAfter))
    }

    @Test("another authority is not trusted, even of the same name")
    func otherAuthority() throws {
        for name in ["other", "root"] {
            let other = try Identity(name, isAuthority: true)
            let fault = try fault(Identity("leaf", issuer: other).certificate)
            guard case .unknownIssuer(subject: "CN=leaf", _) = fault else {
                Issue.record("\(name): \(String(describing: fault))")
                return
            }
        }
    }

    @Test("a certificate that signs itself is not trusted unless it is an anchor")
    func selfSigned() throws {
        let alone = try Identity("alone").certificate
        guard case .unknownIssuer = try fault(alone) else {
            Issue.record("a certificate nobody vouches for was trusted")
            return
        }
        #expect(try fault(alone, in: TrustStore(anchors: [alone])) == nil)
    }

    @Test("a chain over an intermediate is trusted only if the link is there")
    func intermediate() throws {
        let middle = try Identity("middle", isAuthority: true, issuer: root)
        let far = try Identity("far", issuer: middle).certificate
        #expect(try fault(far, [middle.certificate]) == nil)
        guard case .unknownIssuer(subject: "CN=far", _) = try fault(far) else {
            Issue.record("a chain with a missing link was trusted")
            return
        }
        #expect(try fault(far, in: TrustStore(anchors: [middle.certificate])) == nil)
    }

    @Test("a leaf cannot vouch for another certificate")
    func leafAsAuthority() throws {
        let middle = try Identity("middle", issuer: root)
        let far = try Identity("far", issuer: middle).certificate
        let found = try fault(far, [middle.certificate])
        guard case .refused(subject: "CN=middle", _) = found else {
            Issue.record("\(String(describing: found))")
            return
        }
    }

    @Test("a key of 1024 bits is too weak")
    func weak() throws {
        let weak = try Identity("weak", key: .rsa1024, issuer: root).certificate
        guard case .weak(subject: "CN=weak", _) = try fault(weak) else {
            Issue.record("a weak key was trusted")
            return
        }
    }

    @Test(
        "a host the names cover is accepted",
        arguments: [
            .exactly("hooks.example.com"), .exactly("HOOKS.example.com"),
            .exactly("any.wild.example.org"), .domain("example.com"),
            .domain("hooks.example.com"), .domain("example.org"),
        ] as [ExpectedHost]
    )
    func rightHost(host: ExpectedHost) throws {
        #expect(try fault(leaf, host: host) == nil)
    }

    @Test(
        "a host the names do not cover is refused",
        arguments: [
            .exactly("example.com"), .exactly("leaf"), .exactly("a.b.wild.example.org"),
            .exactly(".example.com"), .exactly(""), .domain(""), .domain(".com"),
            .domain("ample.com"), .domain("other.com"), .exactly("hooks.example.com\0.evil.com"),
        ] as [ExpectedHost]
    )
    func wrongHost(host: ExpectedHost) throws {
        let expected = CertificateError.wrongHost(expected: host.name, found: leaf.dnsNames)
        #expect(try fault(leaf, host: host) == expected)
    }

    @Test("a host named only in the subject is refused")
    func subjectOnly() throws {
        let old = try Identity("hooks.example.com", issuer: root).certificate
        let fault = try fault(old, host: .exactly("hooks.example.com"))
        #expect(fault == .wrongHost(expected: "hooks.example.com", found: []))
    }

    @Test("the system's authorities do not vouch for a stranger")
    func system() throws {
        let system = try TrustStore.system()
        guard case .unknownIssuer = try fault(leaf, [root.certificate], in: system) else {
            Issue.record("a throw-away authority was trusted")
            return
        }
    }
}
