internal import CMicrohttpd
internal import Glibc

extension HTTPRequest {
    /// All header lines in the order received, names in their original case, doubled ones kept.
    ///
    /// Bytes that are not UTF-8 become U+FFFD.
    package var headers: [(name: String, value: String)] {
        var lines: [(name: String, value: String)] = []
        lines.reserveCapacity(16)
        forEachHeader { lines.append((name: text($0), value: text($1))) }
        return lines
    }

    /// The first value under a name given in lower case, without regard to the sender's case.
    package func header(_ name: String) -> String? {
        var name = name
        return name.withUTF8 { key in
            var value: UnsafePointer<CChar>?
            var size = 0
            let found = unsafe key.withMemoryRebound(to: CChar.self) { key in
                unsafe MHD_lookup_connection_value_n(
                    liveHandle,
                    .HEADER_KIND,
                    key.baseAddress,
                    key.count,
                    &value,
                    &size
                )
            }
            return found == .YES
                ? unsafe text(trimmed(Span(_unsafeElements: bytes(value, size)))) : nil
        }
    }

    /// How many header lines have a name given in lower case.
    package func headerCount(of name: String) -> Int {
        var name = name
        return name.withUTF8 { key in
            let key = unsafe Span(_unsafeElements: key)
            var count = 0
            forEachHeader { name, _ in if isSame(name, lower: key) { count += 1 } }
            return count
        }
    }

    /// Calls `body` with name and value of every header line.
    func forEachHeader(_ body: (Span<UInt8>, Span<UInt8>) -> Void) {
        forEachRawHeader { name, _, value, _ in body(name, trimmed(value)) }
    }

    /// Calls `body` with name and value of every header line and the addresses they start at.
    ///
    /// Values here still have the spaces at their end.
    func forEachRawHeader(_ body: (Span<UInt8>, UInt, Span<UInt8>, UInt) -> Void) {
        withoutActuallyEscaping(body) { body in
            var visitor = HeaderVisitor(visit: body)
            unsafe withUnsafeMutablePointer(to: &visitor) {
                _ = unsafe MHD_get_connection_values_n(liveHandle, .HEADER_KIND, visitHeader, $0)
            }
        }
    }
}

private struct HeaderVisitor {
    let visit: (Span<UInt8>, UInt, Span<UInt8>, UInt) -> Void
}

private func visitHeader(
    _ visitor: UnsafeMutableRawPointer?,
    _ kind: MHD_ValueKind,
    _ name: UnsafePointer<CChar>?,
    _ nameSize: Int,
    _ value: UnsafePointer<CChar>?,
    _ valueSize: Int
) -> MHD_Result {
    guard let visitor = unsafe visitor else { return .NO }
    unsafe visitor.assumingMemoryBound(to: HeaderVisitor.self).pointee.visit(
        Span(_unsafeElements: bytes(name, nameSize)),
        UInt(bitPattern: name),
        Span(_unsafeElements: bytes(value, valueSize)),
        UInt(bitPattern: value)
    )
    return .YES
}

private func bytes(_ start: UnsafePointer<CChar>?, _ count: Int) -> UnsafeBufferPointer<UInt8> {
    unsafe UnsafeBufferPointer(
        start: UnsafeRawPointer(start)?.assumingMemoryBound(to: UInt8.self),
        count: start == nil ? 0 : count
    )
}

@_lifetime(copy value)
private func trimmed(_ value: Span<UInt8>) -> Span<UInt8> {
    var count = value.count
    while count > 0 && (value[count - 1] == 0x20 || value[count - 1] == 0x09) { count -= 1 }
    return value.extracting(first: count)
}

private func text(_ span: Span<UInt8>) -> String {
    unsafe span.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
}

private func isSame(_ name: Span<UInt8>, lower key: Span<UInt8>) -> Bool {
    guard name.count == key.count else { return false }
    for i in name.indices {
        let byte = name[i]
        let lower = byte &- 0x41 < 26 ? byte | 0x20 : byte
        if lower != key[i] { return false }
    }
    return true
}
