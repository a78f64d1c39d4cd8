internal import YAML

/// Where a call says that it is the same as an earlier one.
package struct Idempotency: Hashable, Sendable {
    /// A place in a request.
    package enum Place: Hashable, Sendable {
        /// A header of this name.
        case header(String)
        /// A parameter of the query.
        case query(String)
        /// A member of the body, by its name or by a JSON Pointer.
        case body(String)
    }

    /// Where the key stands.
    package let place: Place
    /// How long the service remembers a key, if it says.
    package let kept: Duration?
    /// Whether a call that could take effect twice is given a key if its caller gives none.
    package let isMade: Bool

    /// A key in a header of this name.
    init(header name: String) {
        place = .header(name)
        kept = nil
        isMade = true
    }

    /// Reads `{ header: NAME, kept: 24h }`, or `query` or `body` in place of `header`; with
    /// `made: false` only callers' own keys count.
    init(_ node: YAMLNode) throws(YAMLError) {
        let keys = try node.mapping(allowed: ["header", "query", "body", "kept", "made"])
        let places = keys.entries.filter { $0.name != "kept" && $0.name != "made" }
        guard places.count == 1, let place = places.first else {
            throw node.error(
                "found \(places.count) places of the key",
                expected: "one of header, query, body"
            )
        }
        self.place =
            switch place.name {
            case "header": .header(try place.value.headerName)
            case "query": .query(try place.value.string)
            default: .body(try place.value.string)
            }
        isMade = try keys["made"]?.boolean ?? true
        kept = try keys["kept"].map { node throws(YAMLError) in
            let kept = try node.duration
            guard kept > .zero, kept <= .seconds(OutboundLimits.horizonSeconds) else {
                throw node.mismatch(expected: "a duration from 1ms to 366d")
            }
            return kept
        }
    }

    /// Where the key goes, for people.
    package var inWords: String {
        switch place {
        case .header(let name): "header \(name)"
        case .query(let name): "query \(name)"
        case .body(let name): "body \(name)"
        }
    }
}
