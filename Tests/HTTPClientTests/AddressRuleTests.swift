import Foundation
import HTTPClient
import Synchronization
import Testing

@Suite("Addresses that must not be reached")
struct AddressRuleTests {
    private static func bytes(_ text: String) throws -> [UInt8] {
        let family = text.contains(":") ? AF_INET6 : AF_INET
        var bytes = [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16)
        try #require(inet_pton(family, text, &bytes) == 1, "\(text)")
        return bytes
    }

    @Test(
        "what is not of the public internet is refused, at both ends of its block",
        arguments: [
            "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0",
            "100.127.255.255", "127.0.0.0", "127.0.0.1", "127.255.255.255", "169.254.0.0",
            "169.254.169.254", "169.254.255.255", "172.16.0.0", "172.31.255.255", "192.0.0.0",
            "192.0.0.255", "192.0.2.1", "192.88.99.1", "192.168.0.0", "192.168.255.255",
            "198.18.0.0", "198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.0",
            "239.255.255.255", "240.0.0.0", "255.255.255.255",
            "::", "::1", "::2", "::127.0.0.1", "::8.8.8.8", "fc00::", "fc00::1", "fdff::1",
            "fe80::1", "febf::1", "fec0::1", "feff::1", "ff00::", "ff02::1", "ffff::",
            "::ffff:127.0.0.1", "::ffff:10.1.2.3", "::ffff:169.254.169.254", "::ffff:0:8.8.8.8",
            "64:ff9b::127.0.0.1", "64:ff9b::192.168.1.1", "64:ff9b:1::8.8.8.8", "64:ff9b::1:0:0",
            "2002:7f00:1::", "2002:c0a8:101::1", "2002:a9fe:a9fe::", "100::1", "2001::1",
            "2001:1ff:ffff::", "2001:db8::1", "2001:db8:ffff::", "3fff::1", "3fff:fff::", "4000::",
            "5f00::1", "e000::", "1fff::",
        ]
    )
    func refused(address: String) throws {
        #expect(AddressRule.refusal(of: try Self.bytes(address)) != nil)
    }

    @Test(
        "what is of the public internet may be reached",
        arguments: [
            "1.0.0.0", "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255",
            "100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0",
            "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.0", "192.0.3.0",
            "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255",
            "203.0.112.255", "203.0.114.0", "223.255.255.255",
            "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "2001:200::1",
            "2001:4860:4860::8888", "2606:4700::1111", "2a00::1", "2001:db7:ffff::1",
            "2001:db9::1", "3ffe::1", "3fff:1000::", "2000::1",
        ]
    )
    func allowed(address: String) throws {
        #expect(AddressRule.refusal(of: try Self.bytes(address)) == nil)
    }

    @Test(
        "the reason names address and block",
        arguments: [
            ("127.0.0.1", "127.0.0.1 is loopback"),
            ("169.254.169.254", "169.254.169.254 is link-local"),
            ("::ffff:10.0.0.1", "0:0:0:0:0:ffff:a00:1 is 10.0.0.1, which is private"),
            ("fe80::1", "fe80:0:0:0:0:0:0:1 is link-local"),
        ]
    )
    func reason(address: String, reason: String) throws {
        #expect(AddressRule.refusal(of: try Self.bytes(address)) == reason)
    }

    @Test("what is no address is refused", arguments: [0, 3, 5, 15, 17])
    func noAddress(count: Int) {
        #expect(AddressRule.refusal(of: [UInt8](repeating: 8, count: count)) != nil)
    }

    @Test(
        "a URL that leads to this machine is refused, however it is written, and nothing arrives",
        arguments: [
            "localhost", "127.0.0.1", "127.1", "127.0.0.1.", "2130706433", "0x7f000001",
            "0177.0.0.1", "0x7f.1", "0", "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "[fe80::1%25lo]", "%31%32%37.0.0.1",
            "LOCALHOST", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
        ]
    )
    func thisMachine(host: String) throws {
        let server = try RawServer { $0.waitForClose() }
        let trial = try LoopTrial()
        var rules = trial.rules
        rules.reachesPrivate = false
        let listener = Listener()
        trial.get("http://\(host):\(server.port)/", listener, rules: rules)
        let end = try listener.end()
        guard case .forbiddenAddress = end.problem else {
            Issue.record("\(host): \(String(describing: end.problem))")
            return
        }
        #expect(!end.wasSent)
        #expect(server.connections == 0)
    }

    @Test("a connection of those who may reach more is no way around the rule")
    func sharedConnection() throws {
        let requests = Mutex(0)
        let server = try RawServer { connection in
            while connection.request() != nil {
                requests.withLock { $0 += 1 }
                connection.answer("a")
            }
        }
        let trial = try LoopTrial()
        let url = "http://localhost:\(server.port)/"
        let first = Listener()
        trial.get(url, first)
        #expect(try first.end().problem == nil)
        var rules = trial.rules
        rules.reachesPrivate = false
        let second = Listener()
        trial.get(url, second, rules: rules)
        let end = try second.end()
        #expect(end.problem == .forbiddenAddress(reason: "127.0.0.1 is loopback"))
        #expect(!end.wasSent)
        #expect(requests.withLock { $0 } == 1)
    }

    @Test("behind a proxy literal addresses are checked, and no_proxy is no way around it")
    func proxy() async {
        // A process of its own, since the environment is shared by all tests of one.
        await #expect(processExitsWith: .success) {
            let proxy = try RawServer { connection in
                while connection.request() != nil { connection.answer("proxied") }
            }
            let server = try RawServer { connection in
                while connection.request() != nil { connection.answer("direct") }
            }
            setenv("http_proxy", "http://127.0.0.1:\(proxy.port)", 1)
            setenv("no_proxy", "localhost", 1)
            let trial = try LoopTrial()
            for (host, isPrivate, isProxying, expected) in [
                ("example.com", false, true, "proxied"), ("localhost", false, true, "proxied"),
                ("localhost", true, true, "direct"), ("127.0.0.1", true, true, "proxied"),
                ("localhost", true, false, "direct"), ("8.8.8.8", false, true, "proxied"),
                ("127.0.0.1", false, true, ""), ("[::1]", false, true, ""),
                ("localhost", false, false, ""),
            ] {
                var rules = trial.rules
                rules.reachesPrivate = isPrivate
                rules.usesProxyFromEnvironment = isProxying
                let listener = Listener()
                trial.get("http://\(host):\(server.port)/", listener, rules: rules)
                let end = try listener.end()
                #expect(listener.text == expected, "\(host) \(isPrivate) \(isProxying)")
                guard expected.isEmpty else { continue }
                guard case .forbiddenAddress = end.problem else {
                    Issue.record("\(host): \(String(describing: end.problem))")
                    continue
                }
            }
        }
    }
}
