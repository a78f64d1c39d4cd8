import DaybookTesting
import Webhooks

/// Requests that differ from another in one bit.
extension InboundRequest {
    /// Every one that differs in that header's value; of a long value each byte once.
    func flipped(_ name: String) -> [InboundRequest] {
        guard let index = headers.firstIndex(where: { $0.name.lowercased() == name }) else {
            return []
        }
        return Self.flips(Array(headers[index].value.utf8)).map { bytes in
            var other = self
            // What is not UTF-8 any more is repaired, as the server does.
            other.headers[index].value = String(decoding: bytes, as: UTF8.self)
            return other
        }
    }

    /// Every one that differs in the target from `start` on.
    func flippedTarget(from start: String) -> [InboundRequest] {
        guard let range = target.firstRange(of: start) else { return [] }
        let kept = target[..<range.upperBound]
        return Self.flips(Array(target[range.upperBound...].utf8)).map { bytes in
            var other = self
            other.target = kept + String(decoding: bytes, as: UTF8.self)
            return other
        }
    }

    /// Every one that differs in the method.
    func flippedMethod() -> [InboundRequest] {
        Self.flips(Array(method.utf8)).map { bytes in
            var other = self
            other.method = String(decoding: bytes, as: UTF8.self)
            return other
        }
    }

    /// So many that differ in the body, always the same ones.
    func flippedBody(_ count: Int) -> [InboundRequest] {
        var chance = SeededChance(seed: 7)
        return (0..<count).map { _ in
            var other = self
            let index = Int.random(in: body.indices, using: &chance)
            other.body[index] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
            return other
        }
    }

    private static func flips(_ bytes: [UInt8]) -> [[UInt8]] {
        var chance = SeededChance(seed: 7)
        return bytes.indices.flatMap { index in
            let isLong = bytes.count > 150
            let bits = isLong ? [UInt8.random(in: 0..<8, using: &chance)] : Array(0..<8)
            return bits.map { bit in
                var other = bytes
                other[index] ^= 1 << bit
                return other
            }
        }
    }
}
