import Testing

@testable import Service

@Suite("What a replay sends") struct ReplaySenderTests {
    @Test(
        "the log is told where to, without what may be secret in a URL",
        arguments: [
            ("https://a.example/hooks", "https://a.example/hooks"),
            ("https://a.example/hooks?key=s", "https://a.example/hooks"),
            ("https://a.example/#s", "https://a.example/"),
            ("https://user:s@a.example/x", "https://a.example/x"),
            ("https://s@s@a.example", "https://a.example"),
            ("https://a.example?x=s@b", "https://a.example"),
            ("https://a.example/x@y", "https://a.example/x@y"),
            ("https://", "https://"),
        ]
    )
    func target(url: String, shown: String) {
        let terms = ReplaySender.Terms(url: url, secret: nil, allowsPrivate: false, rate: 1)
        #expect(terms.target == shown)
    }

    @Test(
        "headers are read from whatever was recorded",
        arguments: [
            (#"{"request":{"headers":[["A","1"],["b","x y"]],"method":"POST"}}"#, ["A", "b"]),
            (#"{"request":{"headers":[["A"],["b",2],[],7,{},["c","3","4"]]}}"#, ["c"]),
            (#"{"request":{"headers":{"a":"b"}}}"#, []),
            (#"{"request":7}"#, []), ("{}", []), ("[]", []),
        ]
    )
    func headers(meta: String, names: [String]) throws {
        #expect(try ReplaySender.recorded(Array(meta.utf8)).map(\.name) == names)
    }
}
