internal import CMicrohttpd
internal import Glibc

/// A client's IP address, without its port.
struct PeerAddress: Hashable, Sendable {
    // IPv6 in network order; IPv4 as IPv4-mapped IPv6, which a dual-stack socket reports too.
    private let high: UInt64
    private let low: UInt64

    /// Reads the address of an accepted connection; the unspecified address if it is no IP address.
    init(_ address: UnsafePointer<sockaddr>) {
        switch unsafe Int32(address.pointee.sa_family) {
        case AF_INET:
            let raw = unsafe UnsafeRawPointer(address).load(as: sockaddr_in.self)
            high = 0
            low = 0xffff_0000_0000 | UInt64(UInt32(bigEndian: raw.sin_addr.s_addr))
        case AF_INET6:
            let raw = unsafe UnsafeRawPointer(address).load(as: sockaddr_in6.self)
            let halves = unsafe unsafeBitCast(raw.sin6_addr, to: (UInt64, UInt64).self)
            high = UInt64(bigEndian: halves.0)
            low = UInt64(bigEndian: halves.1)
        default:
            high = 0
            low = 0
        }
    }

    /// As text: `192.0.2.1` or `2001:db8::1`.
    var text: String {
        if high == 0 && low >> 32 == 0xffff {
            return "\(low >> 24 & 0xff).\(low >> 16 & 0xff).\(low >> 8 & 0xff).\(low & 0xff)"
        }
        var raw = (high.bigEndian, low.bigEndian)
        return unsafe String(unsafeUninitializedCapacity: Int(INET6_ADDRSTRLEN)) { buffer in
            unsafe buffer.withMemoryRebound(to: CChar.self) { text in
                guard let start = text.baseAddress,
                    unsafe inet_ntop(AF_INET6, &raw, start, socklen_t(text.count)) != nil
                else { return 0 }
                return unsafe strlen(start)
            }
        }
    }
}
