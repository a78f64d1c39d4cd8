import Bytes
import DaybookTesting
import Outbound
import Testing

/// Makes files as RFC 9636 says.
private struct TZif {
    var version: UInt8 = 0x32
    var changes: [(at: Int64, kind: UInt8)] = []
    var offsets: [Int32] = [0]
    var leaps: UInt32 = 0
    var footer = "\nUTC0\n"

    var bytes: [UInt8] {
        // The first block is for old readers: empty but for what must be there.
        header(times: 0, kinds: 1, leaps: 0) + [0, 0, 0, 0, 0, 0] + Array("UTC\0".utf8)
            + header(times: UInt32(changes.count), kinds: UInt32(offsets.count), leaps: leaps)
            + changes.flatMap { big(UInt64(bitPattern: $0.at), 8) } + changes.map(\.kind)
            + offsets.flatMap { big(UInt64(UInt32(bitPattern: $0)), 4) + [0, 0] }
            + Array("UTC\0".utf8) + [UInt8](repeating: 0, count: Int(leaps) * 12)
            + Array(footer.utf8)
    }

    private func header(times: UInt32, kinds: UInt32, leaps: UInt32) -> [UInt8] {
        Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15)
            + [0, 0, leaps, times, kinds, 4].flatMap { big(UInt64($0), 4) }
    }

    private func big(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - $0))) }
    }

    func zone() throws(TimeZoneError) -> TimeZone { try Self.zone(bytes) }

    static func zone(_ bytes: [UInt8]) throws(TimeZoneError) -> TimeZone {
        try TimeZone(name: "Test/Zone", tzif: bytes.span)
    }
}

@Suite("A time zone's file") struct TZifTests {
    private func offset(_ zone: TimeZone, _ text: String) throws -> Int {
        zone.offset(at: try #require(Timestamp(rfc3339: text)))
    }

    @Test("gives offsets before, between and after its changes")
    func offsets() throws {
        let zone = try TZif(
            changes: [(-1 << 59, 1), (0, 2), (1_000_000_000, 0)],
            offsets: [3600, -75, 7200],
            footer: "\n\n"
        ).zone()
        #expect(try offset(zone, "1969-12-31T23:59:59.999999Z") == -75)
        #expect(try offset(zone, "1970-01-01T00:00:00Z") == 7200)
        #expect(try offset(zone, "2001-09-09T01:46:39.9Z") == 7200)
        #expect(try offset(zone, "2001-09-09T01:46:40Z") == 3600)
        #expect(try offset(zone, "9999-12-31T23:59:59Z") == 3600)
        #expect(zone.moment(local: .min).short == "0001-01-01T00:01:15Z")
        #expect(zone.moment(local: .max) <= .max)
    }

    @Test(
        "may end with any rule of POSIX",
        arguments: [
            ("EST5", "2030-07-01T00:00:00Z", -18_000),
            ("<+0330>-3:30", "2030-07-01T00:00:00Z", 12_600),
            ("<-00>0:00:15", "2030-07-01T00:00:00Z", -15),
            ("EST5EDT,M3.2.0,M11.1.0", "2030-03-10T06:59:59Z", -18_000),
            ("EST5EDT,M3.2.0,M11.1.0", "2030-03-10T07:00:00Z", -14_400),
            ("EST5EDT,M3.2.0,M11.1.0", "2030-11-03T05:59:59Z", -14_400),
            ("EST5EDT,M3.2.0,M11.1.0", "2030-11-03T06:00:00Z", -18_000),
            // Summer time that is behind, and all year round.
            ("IST-1GMT0,M10.5.0,M3.5.0/1", "2030-01-15T00:00:00Z", 0),
            ("IST-1GMT0,M10.5.0,M3.5.0/1", "2030-07-15T00:00:00Z", 3600),
            ("EST5EDT,0/0,J365/25", "2030-01-01T04:59:59Z", -14_400),
            ("EST5EDT,0/0,J365/25", "2030-01-01T05:00:00Z", -14_400),
            ("EST5EDT,0/0,J365/25", "2031-01-01T05:00:00Z", -14_400),
            // South of the equator; days of the year; hours that lead into other days.
            ("A2", nil, 0),
            ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2030-01-15T00:00:00Z", 39_600),
            ("AAA0BBB,J60,J300", "2028-03-01T02:00:00Z", 3600),
            ("AAA0BBB,J60,J300", "2028-03-01T01:59:59Z", 0),
            ("AAA0BBB,59,300", "2028-02-29T02:00:00Z", 3600),
            ("AAA0BBB,59,300", "2027-03-01T01:59:59Z", 0),
            ("EET-2EEST,M3.4.4/50,M10.4.4/50", "2030-03-29T23:59:59Z", 7200),
            ("EET-2EEST,M3.4.4/50,M10.4.4/50", "2030-03-30T00:00:00Z", 10_800),
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2030-03-31T00:59:59Z", -7200),
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2030-03-31T01:00:00Z", -3600),
            ("EST5EDT", nil, 0), ("EST5EDT,M3.2.0", nil, 0), ("ES5", nil, 0), ("<+0", nil, 0),
            ("EST25", nil, 0), ("EST5:60", nil, 0), ("EST5 ", nil, 0), ("EST", nil, 0),
            ("EST5EDT,M13.2.0,M11.1.0", nil, 0), ("EST5EDT,M3.6.0,M11.1.0", nil, 0),
            ("EST5EDT,M3.2.7,M11.1.0", nil, 0), ("EST5EDT,J0,J5", nil, 0),
            ("EST5EDT,J366,J5", nil, 0), ("EST5EDT,366,J5", nil, 0),
            ("EST5EDT,M3.2.0/168,M11.1.0", nil, 0), ("EST5EDT,M3.2.0,M11.1.0,", nil, 0),
            ("AAA-24BBB-25,1,2", nil, 0), ("EST5EDT-30,1,2", nil, 0), ("\u{0}", nil, 0),
        ] as [(String, String?, Int)]
    )
    func footers(text: String, moment: String?, offset expected: Int) throws {
        guard let moment else {
            let error = #expect(throws: TimeZoneError.self) {
                try TZif(footer: "\n\(text)\n").zone()
            }
            #expect(error?.description.contains("no TZ string of POSIX") == true)
            return
        }
        #expect(try offset(TZif(footer: "\n\(text)\n").zone(), moment) == expected)
    }

    @Test("is refused with what is wrong")
    func refusals() throws {
        let cases: [(TZif, String)] = [
            (TZif(version: 0), "found version 1"), (TZif(leaps: 1), "found leap seconds"),
            (TZif(offsets: []), "found no kind of time"),
            (TZif(offsets: [93_600]), "93600 s off"), (TZif(offsets: [.min]), "s off"),
            (TZif(changes: [(5, 0), (5, 0)]), "not in order"),
            (TZif(changes: [(5, 1)]), "unknown kind"), (TZif(footer: ""), "no footer"),
            (TZif(footer: "\nUTC0"), "no footer"), (TZif(footer: "UTC0\n"), "no footer"),
        ]
        for (file, message) in cases {
            let error = #expect(throws: TimeZoneError.self) { try file.zone() }
            #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        }
    }

    @Test("is never read beyond its end, and never crashes")
    func garbage() throws {
        let whole = TZif(
            changes: [(0, 1), (10, 0)],
            offsets: [3600, 7200],
            footer: "\nEST5EDT,M3.2.0,M11.1.0\n"
        ).bytes
        for count in whole.indices {
            #expect(throws: TimeZoneError.self) { try TZif.zone(Array(whole[..<count])) }
        }
        var chance = SeededChance(seed: 3)
        for _ in 0..<3000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &chance) {
                bytes[Int.random(in: bytes.indices, using: &chance)] = .random(
                    in: 0...255,
                    using: &chance
                )
            }
            guard let zone = try? TZif.zone(bytes) else { continue }
            let moment = Timestamp(microseconds: .random(in: -1 << 60...1 << 60, using: &chance))
            #expect(abs(zone.offset(at: moment)) < 26 * 3600)
            _ = zone.moment(local: moment)
        }
    }

    @Test(
        "is looked for under the name of a zone only",
        arguments: [
            "../../etc/passwd", "/etc/passwd", "Europe/../UTC", "", "Europe//London", "Europe/",
            ".", "Europe/Lon don", "Europe/London\u{0}", "é", String(repeating: "a", count: 65),
        ]
    )
    func names(name: String) {
        let error = #expect(throws: TimeZoneError.self) { try TimeZone.named(name) }
        guard case .name? = error else {
            Issue.record("\(name): \(String(describing: error))")
            return
        }
    }

    @Test("that is missing, a folder or something else is said to be so")
    func files() {
        for (name, message) in [
            ("Europe/Lodnon", "the time zone Europe/Lodnon is not in /usr/share/zoneinfo"),
            ("Europe", "cannot read"), ("leapseconds", "found no TZif header"),
        ] {
            let error = #expect(throws: TimeZoneError.self) { try TimeZone.named(name) }
            #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        }
    }
}
