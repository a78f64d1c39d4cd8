import Catalog
import JSON
import Ledger
import Testing
import Webhooks
import YAML

/// Thousands of spoiled requests: none crashes, and none passes with anything else than was signed.
@Suite("hostile requests")
struct HostileTests {
    static let rounds: UInt64 = 600

    /// What a vendor signs, as a plain reading of the request finds it; `nil` if that is unclear.
    static func signed(_ request: InboundRequest, _ vendor: Vendor) -> [String]? {
        let names =
            switch vendor {
            case .paypal: [["paypal-transmission-id"], ["paypal-transmission-time"]]
            case .standard: [["webhook-id", "svix-id"], ["webhook-timestamp", "svix-timestamp"]]
            case .stripe: [["stripe-signature"]]
            case .shopify, .woocommerce: [[String]]()
            }
        var parts: [String] = []
        for aliases in names {
            let values = Set(
                request.headers.filter { aliases.contains($0.name.lowercased()) }.map(\.value)
            )
            guard values.count == 1, var value = values.first else { return nil }
            if vendor == .stripe {
                let times = value.split(separator: ",").map { $0.drop { $0 == " " } }
                    .filter { $0.hasPrefix("t=") }
                guard times.count == 1 else { return nil }
                value = String(times[0])
            }
            parts.append(value)
        }
        return parts
    }

    @Test(
        "a spoiled request passes only if what is signed is as it was",
        arguments: Vendor.allCases
    )
    func spoiled(vendor: Vendor) throws {
        let original = try vendor.request()
        let signed = Self.signed(original, vendor)
        let source = try vendor.source()
        var accepted = 0
        for seed in 0..<Self.rounds {
            var request = original
            var mutation = Mutation(seed: seed)
            mutation.spoil(&request)
            switch judge(request, source) {
            case .accepted(let drafts, _):
                accepted += 1
                let content = drafts[0].body?.parts?.content
                if request.body != original.body || content != original.body
                    || Self.signed(request, vendor) != signed
                {
                    Issue.record("seed \(seed) of \(vendor) was accepted")
                }
            case .rejected(let draft, _, let refusal):
                if draft.id == "evt_1" || draft[.reason] != refusal.reason || draft[.authid] != nil
                {
                    Issue.record("seed \(seed) of \(vendor) was rejected wrongly")
                }
            case .handshake, .needs:
                Issue.record("seed \(seed) of \(vendor) was taken for a question")
            }
        }
        // Some spoil nothing that counts, most do.
        #expect((Int(Self.rounds) / 20..<Int(Self.rounds) / 2).contains(accepted), "\(accepted)")
    }

    @Test("what means nothing changes nothing", arguments: Vendor.allCases)
    func disturbed(vendor: Vendor) throws {
        let original = try vendor.request()
        let source = try vendor.source()
        for seed in 0..<300 as Range<UInt64> {
            var request = original
            var mutation = Mutation(seed: seed)
            for _ in 0..<3 { mutation.disturb(&request) }
            let verdict = judge(request, source)
            if verdict.accepted?.id != "evt_1" {
                Issue.record("seed \(seed) of \(vendor): \(verdict.summary)")
            }
        }
    }

    @Test("garbage is never accepted", arguments: Vendor.allCases)
    func garbage(vendor: Vendor) throws {
        let source = try vendor.source()
        for seed in 0..<Self.rounds {
            var mutation = Mutation(seed: seed)
            let request = mutation.garbage()
            let isRight =
                switch judge(request, source) {
                case .rejected(let draft, let answer, _):
                    draft.outcome == .rejected && answer.status == 401
                case .handshake(let draft, _):
                    vendor == .woocommerce && request.body.starts(with: "webhook_id=1".utf8)
                        && draft[.authtype] == "none"
                case .accepted, .needs: false
                }
            if !isRight { Issue.record("seed \(seed) of \(vendor)") }
        }
    }

    @Test("spoiled lines of captured requests are all answered with a line of JSON")
    func captured() throws {
        var check = CapturedCheck(providers: try embedded.get())
        var parser = JSONParser()
        let vectors = try Vector.all.get()
        for seed in 0..<400 as Range<UInt64> {
            var line = vectors[Int(seed) % vectors.count].line
            var mutation = Mutation(seed: seed)
            mutation.spoilBody(&line)
            let answer = check.check(line.span).line
            let canonical = try parser.canonicalized(answer.span.extracting(droppingLast: 1))
            // Canonical but for the order of members, which is the documented one.
            if canonical.count != answer.count - 1 { Issue.record("seed \(seed)") }
        }
    }

    @Test("spoiled entries are read or refused with a place", arguments: Vendor.allCases)
    func entries(vendor: Vendor) throws {
        let path = "../../Sources/Catalog/Systems/\(vendor.rawValue).yaml"
        let entry = try file(path)
        let known = try Systems().names.filter { $0 != vendor.rawValue }
        var refused = 0
        for seed in 0..<100 as Range<UInt64> {
            var bytes = entry
            var mutation = Mutation(seed: seed)
            mutation.spoilBody(&bytes)
            do throws(YAMLError) {
                let systems = try Systems(adding: [CatalogFile(name: "f.yaml", bytes: bytes)])
                for name in systems.names where !known.contains(name) {
                    _ = try Providers(systems).provider(named: name)
                }
            } catch {
                refused += 1
                if !error.description.hasPrefix("f.yaml:") { Issue.record("\(error)") }
            }
        }
        #expect((20..<100).contains(refused), "\(refused)")
    }
}
