internal import YAML

extension YAMLMapping {
    /// The text of a key that may be missing.
    func text(_ key: String) throws(YAMLError) -> String? {
        try self[key].map { node throws(YAMLError) in try node.string }
    }
}

extension YAMLNode {
    /// A text, or a list of different ones.
    var texts: [String] {
        get throws(YAMLError) {
            var texts: [String] = []
            for node in try bounded {
                let text = try node.string
                guard !text.isEmpty else { throw node.mismatch(expected: "a text") }
                guard !texts.contains(text) else {
                    throw node.error("found \"\(text)\" twice", expected: "it once")
                }
                texts.append(text)
            }
            return texts
        }
    }

    /// The nodes of a list, or the node itself: at least one, and not too many.
    var bounded: [YAMLNode] {
        get throws(YAMLError) {
            let nodes = oneOrMore
            guard (1...OutboundLimits.entries).contains(nodes.count) else {
                throw error(
                    "found \(nodes.count) entries",
                    expected: "from 1 to \(OutboundLimits.entries)"
                )
            }
            return nodes
        }
    }

    /// A header's name: a token of RFC 9110 section 5.6.2, in the writer's case.
    var headerName: String {
        get throws(YAMLError) {
            let name = try string
            let isToken = name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
            guard isToken, !name.isEmpty else { throw mismatch(expected: "a header's name") }
            return name
        }
    }

    /// A URL that begins with `https://` and has a host.
    var secureURL: String {
        get throws(YAMLError) {
            let text = try string
            let rest = text.utf8.dropFirst(8)
            guard text.hasPrefix("https://"), let first = rest.first, first != UInt8(ascii: "/"),
                rest.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
            else { throw mismatch(expected: "a URL such as https://api.example.com") }
            return text
        }
    }

    /// Such a URL without a query, in which `{NAME}` may stand for what accounts differ in.
    var urlTemplate: String {
        get throws(YAMLError) {
            let text = try secureURL
            var nameLength: Int?
            for byte in text.utf8 {
                switch (byte, nameLength) {
                case (UInt8(ascii: "{"), nil): nameLength = 0
                case (UInt8(ascii: "}"), let length?) where length > 0: nameLength = nil
                case (UInt8(ascii: "a")...UInt8(ascii: "z"), let length?),
                    (UInt8(ascii: "0")...UInt8(ascii: "9"), let length?),
                    (UInt8(ascii: "_"), let length?), (UInt8(ascii: "-"), let length?):
                    nameLength = length + 1
                case (UInt8(ascii: "}"), _), (UInt8(ascii: "?"), _), (UInt8(ascii: "#"), _),
                    (_, .some):
                    throw mismatch(expected: "a URL such as https://{shop}.example.com/api")
                default: break
                }
            }
            guard nameLength == nil else { throw mismatch(expected: "a } after each {") }
            return text
        }
    }

    /// How a moment is written, one of those that make sense in this place.
    func form(of forms: [MomentForm]) throws(YAMLError) -> MomentForm {
        let word = try word(of: forms.map(\.rawValue))
        guard let form = MomentForm(rawValue: word) else { throw mismatch(expected: "a form") }
        return form
    }
}

extension String {
    /// With the letters of ASCII in lower case, as header names compare.
    var asciiLowercased: String {
        String(decoding: utf8.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
