import Bytes

/// The path of a tile or an entry bundle below a log's prefix (C2SP tlog-tiles).
package enum TilePath: Hashable, Sendable {
    /// Hashes: `tile/<level>/<index>[.p/<width>]`.
    case hashes(Tile)
    /// The entries of a level 0 tile: `tile/entries/<index>[.p/<width>]`.
    case entries(Tile)

    /// The tile that is named, for entries the one of level 0 that holds their hashes.
    package var tile: Tile {
        switch self {
        case .hashes(let tile), .entries(let tile): tile
        }
    }

    /// The path without a leading slash: `tile/0/x001/x234/067.p/89`.
    package var text: String {
        let level = if case .hashes(let tile) = self { String(tile.level) } else { "entries" }
        let width = tile.isFull ? "" : ".p/\(tile.width)"
        return "tile/\(level)/\(Self.groups(tile.index))\(width)"
    }

    /// Reads a path without a leading slash; `nil` for any but the one spelling of each.
    package init?(_ text: Span<UInt8>) {
        guard text.hasPrefix(ascii: "tile/"), let end = text.firstIndex(of: 47, from: 5) else {
            return nil
        }
        let kind = text.extracting(5..<end)
        let rest = text.extracting((end + 1)...)
        if kind.equals(ascii: "entries") {
            guard let tile = Self.tile(level: 0, rest) else { return nil }
            self = .entries(tile)
        } else {
            guard let level = Decimal.parse(kind), level <= UInt64(Tile.highestLevel),
                let tile = Self.tile(level: Int(level), rest)
            else { return nil }
            self = .hashes(tile)
        }
    }

    /// Reads a path without a leading slash; `nil` for any but the one spelling of each.
    package init?(_ text: String) {
        self.init(text.utf8Span.span)
    }

    /// Groups of three digits, all but the last after an `x`: 1234067 is `x001/x234/067`.
    private static func groups(_ index: UInt64) -> String {
        let last = Decimal.padded(index % 1000, digits: 3)
        var rest = index / 1000
        var text = last
        while rest > 0 {
            text = "x\(Decimal.padded(rest % 1000, digits: 3))/\(text)"
            rest /= 1000
        }
        return text
    }

    private static func tile(level: Int, _ text: Span<UInt8>) -> Tile? {
        var index: UInt64 = 0
        var start = 0
        while start < text.count, text[start] == 120 {
            guard start + 5 <= text.count, text[start + 4] == 47,
                let next = append(text.extracting((start + 1)..<(start + 4)), to: index), next > 0
            else { return nil }
            // `next > 0`: a first group of zeros would be a second spelling.
            index = next
            start += 5
        }
        guard start + 3 <= text.count,
            let index = append(text.extracting(start..<(start + 3)), to: index),
            let width = width(text.extracting((start + 3)...))
        else { return nil }
        return Tile(level: level, index: index, width: width)
    }

    /// The index with one more group of digits; `nil` beyond 64 bits.
    private static func append(_ group: Span<UInt8>, to index: UInt64) -> UInt64? {
        guard let digits = Decimal.parsePadded(group, digits: 3) else { return nil }
        let (product, tooLarge) = index.multipliedReportingOverflow(by: 1000)
        let (sum, carried) = product.addingReportingOverflow(digits)
        return tooLarge || carried ? nil : sum
    }

    /// The width that the end of a path names: nothing, or `.p/` and 1 to 255.
    private static func width(_ text: Span<UInt8>) -> Int? {
        if text.isEmpty { return Tile.fullWidth }
        guard text.hasPrefix(ascii: ".p/"),
            let width = Decimal.parse(text.extracting(droppingFirst: 3)),
            (1..<UInt64(Tile.fullWidth)).contains(width)
        else { return nil }
        return Int(width)
    }
}
