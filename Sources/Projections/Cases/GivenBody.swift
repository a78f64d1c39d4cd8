internal import Bytes
internal import Ledger

/// Makes the body record of a given event as intake does.
enum GivenBody {
    /// Seals content with the headers it came with; `lengths` splits a call's content into request
    /// and response.
    static func seal(
        _ content: [UInt8],
        headers: [(name: String, value: String)],
        lengths: (request: Int, response: Int)?
    ) -> Body {
        var meta: [UInt8] = []
        meta.append(UInt8(ascii: "{"))
        if let lengths {
            meta.append(
                contentsOf: "\"lengths\":[\(lengths.request),\(lengths.response)],".utf8
            )
        }
        meta.append(contentsOf: "\"request\":{\"headers\":[".utf8)
        for (place, header) in headers.enumerated() {
            if place > 0 { meta.append(UInt8(ascii: ",")) }
            meta.append(UInt8(ascii: "["))
            CanonicalJSON.appendString(header.name, to: &meta)
            meta.append(UInt8(ascii: ","))
            CanonicalJSON.appendString(header.value, to: &meta)
            meta.append(UInt8(ascii: "]"))
        }
        meta.append(contentsOf: "],\"method\":\"POST\",\"target\":\"/\"}}".utf8)
        // A case's body hides nothing, so its salt need not be secret.
        let salt = [UInt8](repeating: 0, count: BodyLayout.saltSize)
        return Body(salt: salt.span, meta: meta.span, content: content.span)
    }
}
