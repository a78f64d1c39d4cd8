internal import Bytes
internal import YAML

/// What is signed, where its signature is, and where the time is that is signed along.
struct SignedMessage: Sendable {
    /// The keys of a scheme's entry that are read here.
    static let keys = ["signed", "signature", "timestamp"]

    let signed: SignedContent
    let signature: HeaderField
    /// `nil` if no time is signed.
    let time: SignedTime?

    init(_ keys: YAMLMapping, _ headers: inout HeaderTable) throws(YAMLError) {
        time = try keys["timestamp"].map { node throws(YAMLError) in
            try SignedTime(node, &headers)
        }
        signed = try SignedContent(try keys.required("signed"), &headers, hasTime: time != nil)
        signature = try HeaderField(try keys.required("signature"), &headers)
    }

    /// What is signed of a request, in one piece.
    func bytes(
        _ check: borrowing SignatureCheck,
        timestamp: String,
        url: String? = nil
    ) throws(Refusal) -> [UInt8] {
        var bytes: [UInt8] = []
        try signed.forEach(check, timestamp: timestamp, url: url) { bytes.append(span: $0) }
        return bytes
    }
}
