/// Whether a request's headers agree on where its body ends, and are well-formed at all.
///
/// libmicrohttpd 0.9.75 looks at the first `Content-Length` and `Transfer-Encoding` only, prefers
/// the latter, takes any bytes for a name, and takes a line that starts with a colon for the end of
/// the headers. What a proxy before us reads differently lets a client smuggle a request past it
/// (RFC 9112 sections 6.3 and 11.2), so all doubt is refused here.
struct HeadCheck {
    private(set) var count = 0
    private(set) var contentLength: Int?
    private(set) var isChunked = false
    private(set) var problem: Problem?
    private var hosts = 0
    /// The address just behind what was seen so far.
    private var end: UInt = 0

    /// The answer's status and text for a head that is refused.
    struct Problem {
        let status: Int
        let text: String
    }

    var announcesBody: Bool { isChunked || (contentLength ?? 0) > 0 }

    /// Begins behind the request line's text.
    mutating func begin(at end: UInt) {
        self.end = end
    }

    /// Takes the next header line, which must start one CRLF behind the line before.
    ///
    /// That rules out bare line feeds, folded lines and zero bytes, none of which libmicrohttpd
    /// minds, and leaves a single reading of where a line ends.
    mutating func take(
        name: Span<UInt8>,
        at nameStart: UInt,
        value: Span<UInt8>,
        at valueStart: UInt
    ) {
        count += 1
        if nameStart != end + 2 { fail(400, "malformed header line") }
        end = valueStart + UInt(value.count)
        if !isToken(name) { return fail(400, "malformed header name") }
        if hasControl(value) { return fail(400, "control character in a header") }
        switch name.count {
        case 4 where equalsCaseless(name, "host"):
            hosts += 1
        case 14 where equalsCaseless(name, "content-length"):
            takeLength(value)
        case 17 where equalsCaseless(name, "transfer-encoding"):
            if isChunked { return fail(400, "several transfer-encodings") }
            if !equalsCaseless(value, "chunked") { return fail(501, "unknown transfer-encoding") }
            isChunked = true
        default:
            break
        }
    }

    /// Judges the head as a whole, which ends at an address, one empty line behind the last header.
    mutating func conclude(at headEnd: UInt, isVersion10: Bool, limit: Int) {
        if headEnd != end + 4 { return fail(400, "malformed end of headers") }
        if count > limit { return fail(431, "too many headers") }
        if isChunked && contentLength != nil {
            return fail(400, "both content-length and transfer-encoding")
        }
        if isChunked && isVersion10 { return fail(400, "transfer-encoding in http/1.0") }
        if hosts > 1 || (hosts == 0 && !isVersion10) { return fail(400, "one host is expected") }
    }

    private mutating func takeLength(_ value: Span<UInt8>) {
        guard let length = decimal(value) else { return fail(400, "malformed content-length") }
        if let contentLength, contentLength != length {
            return fail(400, "differing content-lengths")
        }
        contentLength = length
    }

    /// Refuses the head, unless it is refused already.
    mutating func fail(_ status: Int, _ text: String) {
        if problem == nil { problem = Problem(status: status, text: text) }
    }
}

/// RFC 9110 `token`: what methods and header names are made of.
func isToken(_ bytes: Span<UInt8>) -> Bool {
    var isGood = !bytes.isEmpty
    for i in bytes.indices { isGood = isGood && isTokenByte(bytes[i]) }
    return isGood
}

/// Whether all bytes are visible ASCII, as a request target's are.
func isVisible(_ bytes: Span<UInt8>) -> Bool {
    var found: UInt8 = 0
    for i in bytes.indices { found |= bytes[i] &- 0x21 > 0x7e - 0x21 ? 1 : 0 }
    return found == 0
}

/// Compares with lower-case ASCII `text`.
func equalsCaseless(_ bytes: Span<UInt8>, _ text: StaticString) -> Bool {
    guard bytes.count == text.utf8CodeUnitCount else { return false }
    for i in bytes.indices {
        let byte = bytes[i]
        let lower = byte &- 0x41 < 26 ? byte | 0x20 : byte
        if unsafe lower != text.utf8Start[i] { return false }
    }
    return true
}

private func isTokenByte(_ byte: UInt8) -> Bool {
    // One bit for each of the 128 ASCII characters, low half and high half.
    let low: UInt64 = 0x03ff_6cfa_0000_0000
    let high: UInt64 = 0x57ff_ffff_c7ff_fffe
    return byte < 64
        ? low >> UInt64(byte) & 1 != 0 : byte < 128 && high >> UInt64(byte & 63) & 1 != 0
}

private func hasControl(_ bytes: Span<UInt8>) -> Bool {
    // Without early exit the loop becomes vector code.
    var found: UInt8 = 0
    for i in bytes.indices {
        let byte = bytes[i]
        found |= (byte < 0x20 ? 1 : 0) & (byte == 0x09 ? 0 : 1) | (byte == 0x7f ? 1 : 0)
    }
    return found != 0
}

private func decimal(_ bytes: Span<UInt8>) -> Int? {
    guard !bytes.isEmpty, bytes.count <= 18 else { return nil }
    var value = 0
    for i in bytes.indices {
        let digit = bytes[i] &- 0x30
        guard digit < 10 else { return nil }
        value = value * 10 + Int(digit)
    }
    return value
}
