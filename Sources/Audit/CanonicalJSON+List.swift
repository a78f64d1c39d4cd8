internal import Bytes

extension CanonicalJSON {
    /// A list as canonical JSON, whose elements `append` writes.
    static func list<T>(_ elements: [T], _ append: (T, inout [UInt8]) -> Void) -> [UInt8] {
        var text = [UInt8(ascii: "[")]
        for (index, element) in elements.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            append(element, &text)
        }
        text.append(UInt8(ascii: "]"))
        return text
    }

    /// A list of objects.
    static func list(_ objects: [CanonicalObject]) -> [UInt8] {
        list(objects) { object, text in
            let bytes = object.bytes
            text.append(span: bytes.span)
        }
    }

    /// A list of hashes in base64.
    static func list(_ hashes: [Hash256]) -> [UInt8] {
        list(hashes) { hash, text in
            text.append(UInt8(ascii: "\""))
            hash.withSpan { Base64.append($0, to: &text) }
            text.append(UInt8(ascii: "\""))
        }
    }
}
