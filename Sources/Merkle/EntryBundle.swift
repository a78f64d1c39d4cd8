import Bytes

/// Why an entry bundle is not well formed.
package enum EntryBundleError: Error, Hashable {
    /// An entry does not fit its 16-bit length.
    case entryTooLong(count: Int)
    /// The bundle ends within the entry that starts at this offset.
    case cutOff(offset: Int)
    /// It has more entries than a tile has leaves.
    case tooManyEntries
    /// It has another number of entries than its path says.
    case entryCount(found: Int, expected: Int)
}

/// The entries of one level 0 tile: for each a 16-bit big-endian length, then its bytes
/// (C2SP tlog-tiles).
package enum EntryBundle {
    /// The most bytes an entry can have.
    package static let longestEntry = 65_535

    /// Appends one entry.
    package static func append(
        _ entry: Span<UInt8>,
        to bundle: inout [UInt8]
    ) throws(EntryBundleError) {
        guard let count = UInt16(exactly: entry.count) else {
            throw .entryTooLong(count: entry.count)
        }
        BigEndian.append(count, to: &bundle)
        bundle.append(span: entry)
    }

    /// Where the entries lie in `bundle`; there must be `count` of them if that is given.
    package static func entries(
        of bundle: Span<UInt8>,
        count: Int? = nil
    ) throws(EntryBundleError) -> [Range<Int>] {
        var entries: [Range<Int>] = []
        entries.reserveCapacity(count.map { min($0, Tile.fullWidth) } ?? Tile.fullWidth)
        var offset = 0
        while offset < bundle.count {
            guard entries.count < Tile.fullWidth else { throw .tooManyEntries }
            guard let length = BigEndian.uint16(bundle, at: offset),
                Int(length) <= bundle.count - offset - 2
            else { throw .cutOff(offset: offset) }
            let start = offset + 2
            offset = start + Int(length)
            entries.append(start..<offset)
        }
        if let count, count != entries.count {
            throw .entryCount(found: entries.count, expected: count)
        }
        return entries
    }
}

extension EntryBundleError: CustomStringConvertible {
    /// One line for a person.
    package var description: String {
        switch self {
        case .entryTooLong(let count):
            "entry has \(count) bytes, a bundle takes at most \(EntryBundle.longestEntry)"
        case .cutOff(let offset):
            "entry bundle ends within the entry at byte \(offset)"
        case .tooManyEntries:
            "entry bundle has more than \(Tile.fullWidth) entries"
        case .entryCount(let found, let expected):
            "entry bundle has \(found) entries, expected \(expected)"
        }
    }
}
