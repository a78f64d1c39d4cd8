import Bytes
import Testing

@testable import Audit

@Suite struct ProviderPagesTests {
    private static func page(_ ids: [String], more: Bool) -> [UInt8] {
        let data = ids.map { #"{ "id":"\#($0)", "object":"event" }"# }.joined(separator: ",\n")
        return Array(#"{"object":"list","data":[\#(data)],"has_more":\#(more)}"#.utf8)
    }

    private static func pages(
        _ fetch: @escaping (String) throws -> ProviderPages.Answer,
        wait: @escaping (UInt32) -> Void = { _ in }
    ) -> ProviderPages {
        ProviderPages(gateway: "http://gw:1/", service: "stripe", fetch: fetch, wait: wait)
    }

    @Test("pages are followed to the end, within a period")
    func follows() throws {
        var urls: [String] = []
        let bytes = try Self.pages { url in
            urls.append(url)
            let ids = url.contains("starting_after") ? ["c"] : ["a", "b"]
            return (200, [], Self.page(ids, more: !url.contains("starting_after")))
        }.all(period: Period("2026-10"))
        let list = try ProviderList(json: bytes, .stripeEvents)
        #expect(list.records.map(\.id) == ["a", "b", "c"])
        let start =
            "http://gw:1/out/stripe/v1/events?limit=100&created%5Bgte%5D=1790812800"
            + "&created%5Blt%5D=1793491200"
        #expect(urls == [start, start + "&starting_after=b"])
    }

    @Test("a busy answer is asked for again as long as it says, and not for ever")
    func busy() throws {
        var calls = 0
        var pauses: [UInt32] = []
        let bytes = try Self.pages(
            { _ in
                calls += 1
                if calls == 1 { return (429, [("Retry-After", "7")], []) }
                if calls == 2 { return (503, [], []) }
                return (200, [], Self.page(["a"], more: false))
            },
            wait: { pauses.append($0) }
        ).all(period: nil)
        #expect(pauses == [7000, 2000])
        #expect(try ProviderList(json: bytes, .stripeEvents).records.count == 1)
        calls = 0
        #expect(throws: AuditProblem.self) {
            try Self.pages(
                { _ in
                    calls += 1
                    return (429, [("retry-after", "999999")], [])
                },
                wait: { pauses.append($0) }
            ).all(period: nil)
        }
        #expect(calls == 5)
        #expect(pauses.max() == 60_000)
    }

    @Test(
        "what is no page is refused",
        arguments: [
            (401, "{}"), (200, "{}"), (200, "no JSON"), (200, #"{"data":[],"has_more":true}"#),
            (200, #"{"data":[{"id":"a&b"}],"has_more":true}"#),
            (200, #"{"data":[{"id":""}],"has_more":true}"#),
            (200, #"{"data":[{"id":"same"}],"has_more":true}"#),
        ]
    )
    func refuses(status: Int, body: String) {
        #expect(throws: AuditProblem.self) {
            try Self.pages { _ in (status, [], Array(body.utf8)) }.all(period: nil)
        }
    }
}
