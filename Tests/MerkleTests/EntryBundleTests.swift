import Bytes
import Merkle
import Testing

@Suite("Entry bundles")
struct EntryBundleTests {
    @Test("entries of every kind of length come back as they went in")
    func roundTrip() throws {
        let entries = [0, 1, 2, 255, 256, 65_535].map {
            [UInt8](repeating: UInt8($0 & 255), count: $0)
        }
        var bundle: [UInt8] = []
        for entry in entries { try EntryBundle.append(entry.span, to: &bundle) }
        let ranges = try EntryBundle.entries(of: bundle.span, count: entries.count)
        #expect(ranges.map { Array(bundle[$0]) } == entries)
        #expect(try EntryBundle.entries(of: bundle.span) == ranges)
    }

    @Test("an entry of 65,536 bytes does not fit, and nothing is appended")
    func tooLong() {
        var bundle: [UInt8] = [7]
        let entry = [UInt8](repeating: 0, count: 65_536)
        #expect(throws: EntryBundleError.entryTooLong(count: 65_536)) {
            try EntryBundle.append(entry.span, to: &bundle)
        }
        #expect(bundle == [7])
    }

    @Test("a bundle cut off anywhere but between entries is refused")
    func cutOff() throws {
        var bundle: [UInt8] = []
        var ends = [0]
        for entry in ["one", "", "three"] {
            try EntryBundle.append(entry.utf8Span.span, to: &bundle)
            ends.append(bundle.count)
        }
        for count in 0...bundle.count {
            let start = ends.last { $0 <= count } ?? 0
            if start == count {
                #expect(
                    try EntryBundle.entries(of: bundle.span.extracting(..<count)).count
                        == ends.firstIndex(of: count)
                )
            } else {
                #expect(throws: EntryBundleError.cutOff(offset: start)) {
                    try EntryBundle.entries(of: bundle.span.extracting(..<count))
                }
            }
        }
    }

    @Test("more than 256 entries, or another number than the path says, are refused")
    func counts() throws {
        let full = [UInt8](repeating: 0, count: 512)
        #expect(try EntryBundle.entries(of: full.span, count: 256).count == 256)
        #expect(throws: EntryBundleError.tooManyEntries) {
            try EntryBundle.entries(of: (full + [0, 0]).span)
        }
        #expect(throws: EntryBundleError.entryCount(found: 256, expected: 255)) {
            try EntryBundle.entries(of: full.span, count: 255)
        }
        #expect(throws: EntryBundleError.entryCount(found: 0, expected: 1)) {
            try EntryBundle.entries(of: full.span.extracting(..<0), count: 1)
        }
    }
}
