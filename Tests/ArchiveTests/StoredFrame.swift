/// A Zstandard frame of raw blocks (RFC 8878 section 3.1.1), so that tests need no compressor to
/// wrap whatever they want.
enum StoredFrame {
    static func wrap(_ bytes: [UInt8]) -> [UInt8] {
        // A window of 1 MiB, no content size, no checksum.
        var frame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50]
        var rest = bytes[...]
        repeat {
            let block = rest.prefix(1 << 16)
            rest = rest.dropFirst(block.count)
            let header = block.count << 3 | (rest.isEmpty ? 1 : 0)
            frame += [UInt8(header & 0xff), UInt8(header >> 8 & 0xff), UInt8(header >> 16)]
            frame += block
        } while !rest.isEmpty
        return frame
    }
}

/// A tar built by hand, header by header.
struct RawTar {
    private(set) var bytes: [UInt8] = []

    mutating func add(
        _ path: String,
        _ content: [UInt8] = [],
        _ change: (inout [UInt8]) -> Void = { _ in }
    ) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, _ offset: Int, _ header: inout [UInt8]) {
            for (i, byte) in text.utf8.enumerated() { header[offset + i] = byte }
        }
        let size = String(content.count, radix: 8)
        put(path, 0, &header)
        put("0000644", 100, &header)
        put(String(repeating: "0", count: 11 - size.count) + size, 124, &header)
        put("00000000000", 136, &header)
        put("0", 156, &header)
        put("ustar", 257, &header)
        put("00", 263, &header)
        change(&header)
        for i in 148..<156 { header[i] = 0x20 }
        let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        put(String(repeating: "0", count: 6 - sum.count) + sum + "\0 ", 148, &header)
        bytes += header + content
        bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    var ended: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }
}
