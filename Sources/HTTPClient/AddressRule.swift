/// Which addresses are of the public internet, and may be reached on the word of a URL alone.
///
/// A URL that others choose must not lead to what only this machine or its network can reach
/// (server-side request forgery). The blocks are those of the IANA special-purpose registries for
/// IPv4 and IPv6 (RFC 6890 and its updates) that are not globally reachable. IPv6 addresses that
/// stand for an IPv4 address are judged by that one.
package enum AddressRule {
    /// Why an address must not be reached, such as `127.0.0.1 is loopback`; `nil`: it may be.
    ///
    /// Takes 4 bytes for IPv4, 16 for IPv6, in network order; any other number is refused.
    package static func refusal(of address: [UInt8]) -> String? {
        switch address.count {
        case 4: refusal(v4: address).map { "\(dotted(address)) is \($0)" }
        case 16: refusal(v6: address).map { "\(coloned(address)) is \($0)" }
        default: "an address of \(address.count) bytes is none of the internet's"
        }
    }

    private struct Block {
        let start: [UInt8]
        let bits: Int
        let name: String

        init(_ start: [UInt8], _ bits: Int, _ name: String) {
            self.start = start
            self.bits = bits
            self.name = name
        }

        /// Whether the first `bits` bits are those of the block.
        func holds(_ address: [UInt8]) -> Bool {
            for index in 0..<(bits + 7) / 8 {
                let mask = UInt8(truncatingIfNeeded: 0xFF00 >> min(8, bits - index * 8))
                let expected = index < start.count ? start[index] : 0
                if (address[index] ^ expected) & mask != 0 { return false }
            }
            return true
        }
    }

    private static let blocks4 = [
        Block([0], 8, "unspecified"),
        Block([10], 8, "private"),
        Block([100, 64], 10, "shared by a carrier's customers"),
        Block([127], 8, "loopback"),
        Block([169, 254], 16, "link-local"),
        Block([172, 16], 12, "private"),
        Block([192, 0, 0], 24, "reserved"),
        Block([192, 0, 2], 24, "reserved for documentation"),
        Block([192, 88, 99], 24, "reserved"),
        Block([192, 168], 16, "private"),
        Block([198, 18], 15, "reserved for benchmarks"),
        Block([198, 51, 100], 24, "reserved for documentation"),
        Block([203, 0, 113], 24, "reserved for documentation"),
        Block([224], 4, "multicast"),
        Block([240], 4, "reserved"),
    ]

    private static let blocks6 = [
        Block([], 128, "unspecified"),
        Block([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 128, "loopback"),
        Block([0xFC], 7, "private"),
        Block([0xFE, 0x80], 10, "link-local"),
        Block([0xFE, 0xC0], 10, "private"),
        Block([0xFF], 8, "multicast"),
        // Teredo, ORCHID and other protocols' own.
        Block([0x20, 0x01], 23, "reserved"),
        Block([0x20, 0x01, 0x0D, 0xB8], 32, "reserved for documentation"),
        Block([0x3F, 0xFF], 20, "reserved for documentation"),
    ]

    /// Where an IPv6 address holds the IPv4 address that it stands for.
    private static let embedded: [(block: Block, offset: Int)] = [
        // IPv4-mapped, RFC 4291, section 2.5.5.2.
        (Block([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], 96, ""), 12),
        // NAT64, RFC 6052.
        (Block([0x00, 0x64, 0xFF, 0x9B], 96, ""), 12),
        // 6to4, RFC 3056.
        (Block([0x20, 0x02], 16, ""), 2),
    ]

    /// What is given out as public unicast, RFC 4291 and IANA's registry of the IPv6 space.
    private static let global6 = Block([0x20], 3, "")

    private static func refusal(v4 address: [UInt8]) -> String? {
        blocks4.first { $0.holds(address) }?.name
    }

    private static func refusal(v6 address: [UInt8]) -> String? {
        if let found = blocks6.first(where: { $0.holds(address) }) { return found.name }
        if let form = embedded.first(where: { $0.block.holds(address) }) {
            let inner = Array(address[form.offset..<form.offset + 4])
            return refusal(v4: inner).map { "\(dotted(inner)), which is \($0)" }
        }
        return global6.holds(address) ? nil : "reserved"
    }

    private static func dotted(_ address: [UInt8]) -> String {
        address.map { "\($0)" }.joined(separator: ".")
    }

    private static func coloned(_ address: [UInt8]) -> String {
        stride(from: 0, to: 16, by: 2)
            .map { String(UInt16(address[$0]) << 8 | UInt16(address[$0 + 1]), radix: 16) }
            .joined(separator: ":")
    }
}
