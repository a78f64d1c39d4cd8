internal import Bytes
internal import POSIX

extension TimeZone {
    /// Where most systems have the IANA data base.
    package static let usualFolder = "/usr/share/zoneinfo"

    /// Reads a zone of the IANA data base by its name; `UTC` needs no file.
    package static func named(
        _ name: String,
        in folder: String = usualFolder
    ) throws(TimeZoneError) -> TimeZone {
        if name == "UTC" { return .utc }
        guard isName(name) else { throw .name(name) }
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try Files.read("\(folder)/\(name)", limit: SyncLimits.zoneBytes)
        } catch {
            if error.isMissing { throw .unknown(name: name, folder: folder) }
            throw .unreadable(error)
        }
        return try TimeZone(name: name, tzif: bytes.span)
    }

    /// Whether a text can name a zone: words that lead nowhere else in the folder.
    private static func isName(_ text: String) -> Bool {
        let words = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return text.utf8.count <= SyncLimits.zoneNameBytes
            && words.allSatisfy { word in
                !word.isEmpty
                    && word.allSatisfy { byte in
                        byte | 0x20 &- 0x61 < 26 || byte &- 0x30 < 10
                            || [0x2b, 0x2d, 0x5f].contains(byte)
                    }
            }
    }

    /// Reads a file of the data base: TZif, version 2 or later (RFC 9636 section 3).
    package init(name: String, tzif bytes: Span<UInt8>) throws(TimeZoneError) {
        do throws(Damage) {
            let old = try Header(bytes, at: 0)
            guard old.version >= UInt8(ascii: "2") else {
                throw Damage("found version 1, expected 2 or later")
            }
            // The same again with times of 64 bits, which alone are used.
            let start = try old.end(bytes, timeSize: 4)
            let header = try Header(bytes, at: start)
            let end = try header.end(bytes, timeSize: 8)
            self = try Self.read(name, bytes, header, footer: end)
        } catch {
            throw .damaged(name: name, error.what)
        }
    }

    private static func read(
        _ name: String,
        _ bytes: Span<UInt8>,
        _ header: Header,
        footer: Int
    ) throws(Damage) -> TimeZone {
        guard header.leaps == 0 else {
            throw Damage("found leap seconds, expected a zone without them")
        }
        let kinds = try offsets(bytes, header)
        var changes: [Timestamp] = []
        // Before the first change the first kind holds (RFC 9636 section 3.2).
        var offsets = [kinds[0]]
        var last = Int64.min
        for index in 0..<header.times {
            let time = BigEndian.uint64(bytes, at: header.start + index * 8) ?? 0
            let seconds = Int64(bitPattern: time)
            guard index == 0 || seconds > last else {
                throw Damage("found changes that are not in order")
            }
            last = seconds
            let kind = Int(bytes[header.start + header.times * 8 + index])
            guard kind < kinds.count else { throw Damage("found an unknown kind of time") }
            let edge: Timestamp = seconds < 0 ? .min : .max
            changes.append(Timestamp(unixSeconds: seconds) ?? edge)
            offsets.append(kinds[kind])
        }
        return TimeZone(
            name: name,
            changes: changes,
            offsets: offsets,
            rule: try rule(bytes, at: footer)
        )
    }

    /// Seconds ahead of UTC of each kind of time.
    private static func offsets(_ bytes: Span<UInt8>, _ header: Header) throws(Damage) -> [Int] {
        guard header.kinds > 0 else { throw Damage("found no kind of time") }
        var offsets: [Int] = []
        for index in 0..<header.kinds {
            let place = header.start + header.times * 9 + index * 6
            let raw = BigEndian.uint32(bytes, at: place) ?? 0
            let offset = Int(Int32(bitPattern: raw))
            guard abs(offset) < mostSeconds else { throw Damage("found clocks \(offset) s off") }
            offsets.append(offset)
        }
        return offsets
    }

    /// What holds after the last change: a line of its own at the end of the file.
    private static func rule(_ bytes: Span<UInt8>, at start: Int) throws(Damage) -> ZoneRule? {
        let newLine = UInt8(ascii: "\n")
        guard start < bytes.count, bytes[start] == newLine,
            let end = bytes.firstIndex(of: newLine, from: start + 1)
        else { throw Damage("found no footer") }
        let text = bytes.extracting(start + 1..<end)
        guard text.count > 0 else { return nil }
        guard let rule = ZoneRule(text) else {
            throw Damage("found a footer that is no TZ string of POSIX")
        }
        return rule
    }
}

/// What is wrong with a file.
private struct Damage: Error {
    let what: String

    init(_ what: String) {
        self.what = what
    }
}

/// The head of a data block, and how many entries of each sort follow it.
private struct Header {
    private static let size = 44

    let version: UInt8
    /// Where the entries begin.
    let start: Int
    let times: Int
    let kinds: Int
    let leaps: Int
    private let letters: Int
    private let marks: Int

    init(_ bytes: Span<UInt8>, at offset: Int) throws(Damage) {
        guard bytes.count - offset >= Self.size,
            bytes.extracting(offset..<offset + 4).equals(ascii: "TZif")
        else { throw Damage("found no TZif header") }
        func count(_ place: Int) -> Int {
            Int(BigEndian.uint32(bytes, at: offset + 20 + 4 * place) ?? 0)
        }
        version = bytes[offset + 4]
        start = offset + Self.size
        // UT marks, standard marks, leap seconds, times, kinds, letters of abbreviations.
        marks = count(0) + count(1)
        leaps = count(2)
        times = count(3)
        kinds = count(4)
        letters = count(5)
    }

    /// Where the block ends.
    func end(_ bytes: Span<UInt8>, timeSize: Int) throws(Damage) -> Int {
        let end =
            start + times * (timeSize + 1) + kinds * 6 + letters + leaps * (timeSize + 4) + marks
        guard end <= bytes.count else {
            throw Damage("found \(bytes.count) bytes, expected \(end) or more")
        }
        return end
    }
}
