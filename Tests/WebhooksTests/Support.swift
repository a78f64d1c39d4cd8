import Testing
import Webhooks
@Test func x() throws { #expect(try Catalog().providers.count == 5) }
