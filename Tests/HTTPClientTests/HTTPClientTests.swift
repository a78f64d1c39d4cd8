import Foundation
import HTTPClient
import Testing

@Suite("HTTPS client")
struct HTTPClientTests {
    private let certificate: ServerCertificate
    private let server: LocalServer
    private let client = HTTPClient()
    private let limits = HTTPClient.Limits(bytes: 1000, seconds: 30)

    init() throws {
        certificate = try ServerCertificate()
        server = try LocalServer(certificate)
    }

    private func get(
        _ path: String,
        host: String = "localhost",
        limits: HTTPClient.Limits? = nil
    ) throws(HTTPClientError) -> (status: Int, body: String) {
        let answer = try client.get(
            "https://\(host):\(server.port)/\(path)",
            limits: limits ?? self.limits,
            caFile: certificate.authorityFile
        )
        return (answer.status, String(decoding: answer.body, as: UTF8.self))
    }

    @Test(
        "an answer comes whole, whatever its status",
        arguments: [("good", 200, "good"), ("empty", 200, ""), ("nowhere", 404, "missing")]
    )
    func answers(path: String, status: Int, body: String) throws {
        let answer = try get(path)
        #expect(answer == (status, body))
    }

    @Test("a request carries nothing that could identify or authorise anyone")
    func requestHeaders() throws {
        #expect(try get("headers").body == "Accept\nHost\nUser-Agent")
    }

    @Test("a host that another authority vouches for is refused")
    func wrongAuthority() throws {
        let other = try ServerCertificate()
        for file in [other.authorityFile, nil] {
            let error = #expect(throws: HTTPClientError.self) {
                try client.get(
                    "https://localhost:\(server.port)/good",
                    limits: limits,
                    caFile: file
                )
            }
            guard case .untrusted = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
    }

    @Test("a host whose certificate is for another name is refused")
    func wrongHost() throws {
        let error = #expect(throws: HTTPClientError.self) { try get("good", host: "127.0.0.1") }
        guard case .untrusted(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains("127.0.0.1"))
    }

    @Test(
        "a body over the limit is cut off, announced or not",
        arguments: [
            "thousand", "unannounced",
        ]
    )
    func tooLarge(path: String) throws {
        #expect(try get(path).body.count == 1000)
        for bytes in [999, 1, 0] {
            #expect(throws: HTTPClientError.tooLarge(limit: bytes)) {
                try get(path, limits: .init(bytes: bytes, seconds: 30))
            }
        }
    }

    @Test("a body that comes in drops is cut off when they are too many")
    func drops() {
        #expect(throws: HTTPClientError.tooLarge(limit: 5)) {
            try get("endless", limits: .init(bytes: 5, seconds: 30))
        }
    }

    @Test("an answer that does not end in time is cut off", arguments: ["endless", "silent"])
    func tooSlow(path: String) {
        let limits = HTTPClient.Limits(bytes: 1_000_000, seconds: 0.5)
        #expect(throws: HTTPClientError.tooSlow(limit: 0.5)) { try get(path, limits: limits) }
    }

    @Test("a redirect is answered as it is, not followed")
    func redirect() throws {
        let answer = try get("redirect")
        #expect(answer == (302, "elsewhere"))
    }

    @Test("a body shorter than announced is refused")
    func broken() throws {
        let error = #expect(throws: HTTPClientError.self) { try get("broken") }
        guard case .failed(code: 18, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("a host that does not listen is unreachable")
    func unreachable() throws {
        let error = #expect(throws: HTTPClientError.self) {
            try client.get("https://localhost:1/", limits: limits)
        }
        guard case .unreachable = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(
        "other schemes, user names and what is no URL are refused",
        arguments: [
            "http://localhost/", "file:///etc/hostname", "ftp://localhost/",
            "https://me@localhost/",
            "https://", "localhost:x/", "",
        ]
    )
    func badURL(url: String) throws {
        let error = #expect(throws: HTTPClientError.self) { try client.get(url, limits: limits) }
        guard case .badURL = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("plain HTTP is spoken only where it is allowed")
    func plain() throws {
        let server = try LocalServer(nil)
        let client = HTTPClient(allowsPlainHTTP: true)
        let answer = try client.get("http://localhost:\(server.port)/good", limits: limits)
        #expect(answer == (200, Array("good".utf8)))
    }

    @Test("the environment's proxy is used only where it is asked for")
    func proxy() async {
        // A process of its own, since the environment is shared by all tests of one.
        await #expect(processExitsWith: .success) {
            // Nobody answers there: whoever uses it fails.
            for name in ["http_proxy", "all_proxy"] { setenv(name, "http://127.0.0.1:1", 1) }
            let server = try LocalServer(nil)
            let url = "http://localhost:\(server.port)/good"
            let limits = HTTPClient.Limits(bytes: 1000, seconds: 30)
            let answer = try HTTPClient(allowsPlainHTTP: true).get(url, limits: limits)
            #expect(answer.status == 200)
            let client = HTTPClient(allowsPlainHTTP: true, usesProxyFromEnvironment: true)
            let error = #expect(throws: HTTPClientError.self) {
                try client.get(url, limits: limits)
            }
            guard case .unreachable = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }
}
